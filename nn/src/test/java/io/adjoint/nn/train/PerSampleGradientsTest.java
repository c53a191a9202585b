package io.adjoint.nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.LayerNorm;
import io.adjoint.nn.layer.SpectralNorm;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.Reduction;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PerSampleGradientsTest {
    private final Generator rng = new Generator(1);
    private final Tensor x = Tensor.randn(rng, 6, 4);
    private final Batch batch = new Batch(x, Tensor.randint(0, 3, rng, 6));

    private Layer network(Layer between) {
        return new Sequential(new Dense(4, 5, rng), between, new Tanh(), new Dense(5, 3, rng));
    }

    private PerSampleGradients gradients(Layer model) {
        return PerSampleGradients.of(model, batch, one -> new CrossEntropy().forward(model.forward(one.x()), one.y()));
    }

    @Test
    void areTheRowsOfTheJacobianOfTheLosses() {
        Layer model = network(new LayerNorm(5, rng));
        CrossEntropy losses = new CrossEntropy().reduction(Reduction.NONE);
        Map<String, Tensor> rows = Transforms.jacobian(
                p -> losses.forward(model.withParameters(p).forward(x), batch.y()), model.namedParameters());
        PerSampleGradients each = gradients(model);

        assertThat(each.losses().data())
                .isEqualTo(losses.forward(model.forward(x), batch.y()).data());
        assertThat(each.gradients().keySet()).containsExactlyElementsOf(rows.keySet());
        rows.forEach((path, expected) -> assertThat(
                        Objects.requireNonNull(each.gradients().get(path))
                                .data()
                                .toDoubleArray())
                .usingComparatorWithPrecision(1e-14)
                .containsExactly(expected.data().toDoubleArray()));
        assertThat(model.parameters())
                .allSatisfy(parameter -> assertThat(parameter.grad()).isNull());
        assertThat(each.losses().requiresGrad()).isFalse();
    }

    @Test
    void randomLayersDrawForEachSampleInOrder() {
        Dense first = new Dense(4, 5, rng);
        Dense last = new Dense(5, 3, rng);
        Layer model = new Sequential(first, new Dropout(0.5, new Generator(5)), last);
        Layer same = new Sequential(first, new Dropout(0.5, new Generator(5)), last);
        PerSampleGradients each = gradients(model);

        for (int k = 0; k < 6; k++) {
            Tensor loss = new CrossEntropy()
                    .forward(same.forward(x.narrow(0, k, 1)), batch.y().narrow(0, k, 1));
            assertThat(each.losses().select(0, k).item()).isEqualTo(loss.item());
        }
    }

    @Test
    void frozenParametersHaveNone() {
        Layer model = network(new Tanh());
        Objects.requireNonNull(model.namedParameters().get("0.weight")).freeze();

        assertThat(gradients(model).gradients()).containsOnlyKeys("0.bias", "3.weight", "3.bias");
        model.freeze();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients(model))
                .withMessageStartingWith("PerSampleGradients: no parameter of the model requires a gradient");
    }

    @Test
    void batchStatisticsAreRefusedByName() {
        Layer model = network(new BatchNorm1d(5, rng));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients(model))
                .withMessage(
                        "PerSampleGradients: '1' BatchNorm1d(5) normalizes by the statistics of its batch, so that no"
                                + " sample has a gradient of its own; take GroupNorm or LayerNorm, or eval(), which takes running"
                                + " statistics");
        model.eval();
        assertThat(gradients(model).losses().shape()).isEqualTo(Shape.of(6));
    }

    @Test
    void changedBuffersAreRefusedByNameAndRestored() {
        SpectralNorm norm = SpectralNorm.of(new Dense(5, 5, rng), rng);
        Layer model = network(norm);
        NdArray before = Objects.requireNonNull(norm.namedBuffers().get("u")).value();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients(model))
                .withMessageContaining("'1' SpectralNorm")
                .withMessageContaining("changes its buffer 'u' in each call");
        assertThat(Objects.requireNonNull(norm.namedBuffers().get("u")).value()).isEqualTo(before);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> PerSampleGradients.of(model, batch.x(), x -> {
                    throw new ArithmeticException(model.forward(x).toString());
                }));
        assertThat(Objects.requireNonNull(norm.namedBuffers().get("u")).value()).isEqualTo(before);
    }

    @Test
    void aLossOfSeveralNumbersIsRefused() {
        Layer model = network(new Tanh());

        assertThatExceptionOfType(GraphException.class)
                .isThrownBy(() -> PerSampleGradients.of(model, x, model::forward))
                .withMessageContaining(
                        "PerSampleGradients: only a scalar has a gradient of its own, but the shape is [1, 3]");
    }
}
