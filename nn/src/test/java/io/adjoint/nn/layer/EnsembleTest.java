package io.adjoint.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.optim.Adam;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EnsembleTest {
    private final Generator rng = new Generator(1);
    private final Tensor x = Tensor.randn(rng, 7, 4);
    private final Tensor y = Tensor.randn(rng, 7, 2);

    private Layer dense() {
        return new Sequential(
                new Dense(4, 6, rng), new Tanh(), new Residual(new Dense(6, 6, rng)), new Dense(6, 2, rng));
    }

    private Layer normalized() {
        return new Sequential(
                new Dense(4, 6, rng),
                new BatchNorm1d(6, rng),
                new ReLU(),
                Dense.withoutBias(6, 2, rng),
                new Softmax(-1));
    }

    /** A class of a user, whose layers and parameters nobody else knows. */
    private static final class Own extends Layer {
        private final Dense first;
        private final Tensor scale;

        Own(Generator rng) {
            this(Shape.of(2), rng);
        }

        Own(Shape ofScale, Generator rng) {
            first = child("first", new Dense(4, 2, rng));
            scale = parameter("scale", Tensor.randn(ofScale, rng).requiresGrad(true));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return first.forward(x.sub(x.mean(0))).mul(scale);
        }
    }

    private List<Layer> three(Supplier<Layer> model) {
        return List.of(model.get(), model.get(), model.get());
    }

    private static Map<String, NdArray> state(Layer model) {
        Map<String, NdArray> state = new LinkedHashMap<>();
        model.namedParameters().forEach((path, leaf) -> state.put(path, leaf.data()));
        model.namedBuffers().forEach((path, buffer) -> state.put(path, buffer.value()));
        return state;
    }

    private void trainsEachAsIfAlone(List<Layer> models) {
        Ensemble all = new Ensemble(models);
        Adam together = new Adam(all.parameters(), 1e-2);
        List<Adam> alone = new ArrayList<>();
        models.forEach(model -> alone.add(new Adam(model.parameters(), 1e-2)));
        for (int step = 0; step < 5; step++) {
            together.zeroGrad();
            Tensor predicted = all.forward(x);
            predicted.sub(y).square().mean(1, 2).sum().backward();
            together.step();
            for (int k = 0; k < models.size(); k++) {
                alone.get(k).zeroGrad();
                Tensor own = models.get(k).forward(x);
                assertThat(predicted.select(0, k).data()).isEqualTo(own.data());
                own.sub(y).square().mean().backward();
                alone.get(k).step();
            }
        }
        for (int k = 0; k < models.size(); k++) {
            assertThat(state(all.member(k))).isEqualTo(state(models.get(k)));
            assertThat(all.member(k).forward(x).data())
                    .isEqualTo(models.get(k).forward(x).data());
        }
    }

    @Test
    void trainsDenseModelsAsIfAlone() {
        trainsEachAsIfAlone(three(this::dense));
    }

    @Test
    void trainsModelsWithBatchStatisticsAsIfAlone() {
        trainsEachAsIfAlone(three(this::normalized));
    }

    @Test
    void trainsModelsOfAUsersClassAsIfAlone() {
        trainsEachAsIfAlone(three(() -> new Own(rng)));
    }

    @Test
    void sharedParametersStayShared() {
        trainsEachAsIfAlone(three(() -> {
            Dense first = new Dense(4, 4, rng);
            return new Sequential(first, new Tanh(), Dense.of(first.weight(), null), new Dense(4, 2, rng));
        }));
    }

    @Test
    void stacksTheParametersOfDenseLayers() {
        Ensemble all = new Ensemble(three(this::dense));

        assertThat(all.size()).isEqualTo(3);
        assertThat(all.namedParameters())
                .containsOnlyKeys(
                        "model.0.weight",
                        "model.0.bias",
                        "model.2.layer.weight",
                        "model.2.layer.bias",
                        "model.3.weight",
                        "model.3.bias");
        assertThat(Objects.requireNonNull(all.namedParameters().get("model.0.weight"))
                        .shape())
                .isEqualTo(Shape.of(3, 6, 4));
    }

    @Test
    void eachModelMayHaveABatchOfItsOwn() {
        List<Layer> models = three(this::dense);
        Tensor batches = Tensor.randn(rng, 3, 5, 4);
        Tensor all = new Ensemble(models).forwardEach(batches);

        for (int k = 0; k < 3; k++) {
            assertThat(all.select(0, k).data())
                    .isEqualTo(models.get(k).forward(batches.select(0, k)).data());
        }
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> new Ensemble(models).forwardEach(x))
                .withMessageContaining("ensemble: expected a batch for each of 3 models, [3, B, ...], got [7, 4]");
    }

    @Test
    void aMemberHasTheConstantsOfItsModel() {
        Ensemble all = new Ensemble(List.of(new Scaled(1), new Scaled(10)));

        assertThat(all.member(1).forward(Tensor.of(1, 2)).data())
                .isEqualTo(Tensor.of(10, 20).data());
    }

    private static final class Scaled extends Layer {
        private final double scale;

        Scaled(double scale) {
            this.scale = scale;
        }

        @Override
        protected Tensor compute(Tensor x) {
            return x.mul(scale);
        }
    }

    @Test
    void otherModesAndOtherFrozenParametersAreRefused() {
        Layer evaluating = dense();
        Objects.requireNonNull(evaluating.namedBlocks().get("1")).eval();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ensemble(List.of(dense(), evaluating)))
                .withMessage(
                        "Ensemble: model 1 and model 0 are not in the same mode; call train() or eval() of the ensemble"
                                + " instead");
        Layer frozen = dense();
        Objects.requireNonNull(frozen.namedParameters().get("0.bias")).freeze();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ensemble(List.of(dense(), frozen)))
                .withMessage(
                        "Ensemble: the frozen parameters of model 1 are [0.bias], of model 0 []; freeze the same of all"
                                + " models");
    }

    @Test
    void otherArchitecturesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ensemble(List.of(dense(), normalized())))
                .withMessage("Ensemble: model 1 is of another architecture than model 0: (1): BatchNorm1d(6) instead of"
                        + " (1): Tanh()");
        // The shapes of a class's own parameters are not in its text.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ensemble(List.of(new Own(Shape.of(2), rng), new Own(Shape.of(1), rng))))
                .withMessageStartingWith("Ensemble: model 1 doesn't fit model 0: ")
                .withMessageContaining("scale");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ensemble(List.of()))
                .withMessage("Ensemble: expected at least one model, got none");
    }
}
