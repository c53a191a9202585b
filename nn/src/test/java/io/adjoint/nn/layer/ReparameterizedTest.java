package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.distance;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.optim.SGD;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Weight and spectral normalization. */
class ReparameterizedTest {
    private final Init init = new Init(new Generator(1));
    private final Generator rng = new Generator(2);

    private List<WeightedLayer> layers() {
        return List.of(
                new Dense(4, 3, init),
                Dense.withoutBias(4, 3, init),
                new Conv2d(2, 3, 2, init),
                new ConvTranspose1d(2, 3, 2, init));
    }

    @Test
    void weightNormBeginsAsTheLayerThatItIsMadeOf() {
        for (WeightedLayer layer : layers()) {
            WeightNorm norm = WeightNorm.of(layer);

            assertThat(distance(norm.weight(), layer.weight())).isLessThan(1e-15);
            assertThat(norm.namedParameters().keySet())
                    .containsAll(List.of("magnitude", "direction"))
                    .hasSize(layer.bias() == null ? 2 : 3)
                    .doesNotContain("weight");
        }
        Tensor x = Tensor.randn(rng, 5, 4);
        Dense dense = new Dense(4, 3, init);
        assertThat(distance(WeightNorm.of(dense).forward(x), dense.forward(x))).isLessThan(1e-14);
    }

    @Test
    void theMagnitudeIsTheNormOfEachOutputsWeight() {
        Dense dense = Dense.withoutBias(2, 2, init);
        dense.weight().assign(NdArray.of(Shape.of(2, 2), 3, 4, 0, -5));
        WeightNorm norm = WeightNorm.of(dense);
        Tensor magnitude = Objects.requireNonNull(norm.namedParameters().get("magnitude"));

        assertThat(magnitude.data()).isEqualTo(NdArray.of(Shape.of(2, 1), 5, 5));
        magnitude.assign(NdArray.of(Shape.of(2, 1), 10, 1));
        assertThat(norm.weight().data().toDoubleArray()).containsExactly(new double[] {6, 8, 0, -1}, within(1e-15));
    }

    @Test
    void spectralNormDividesByTheLargestSingularValue() {
        for (WeightedLayer layer : layers()) {
            SpectralNorm norm = SpectralNorm.of(layer, rng);
            int[][] inputs = {{5, 4}, {1, 2, 5}, {1, 2, 5, 5}};
            Tensor x = Tensor.randn(rng, inputs[layer.weight().shape().rank() - 2]);
            for (int k = 0; k < 60; k++) {
                assertThat(norm.forward(x).requiresGrad()).isTrue();
            }
            Tensor weight = norm.weight().detach();
            Tensor matrix = (layer.transposed() ? weight.transpose(0, 1) : weight).flatten(1, -1);
            double largest = matrix.matmul(matrix.transpose()).eigvalsh().max().item();

            assertThat(largest).as("%s", norm).isCloseTo(1, within(1e-6));
            assertThat(norm.namedBuffers()).containsOnlyKeys("u", "v");
        }
    }

    @Test
    void theEstimateMovesInTrainingOnly() {
        SpectralNorm norm = SpectralNorm.of(new Dense(6, 5, init), rng);
        Tensor x = Tensor.randn(rng, 2, 6);
        Tensor weight = Objects.requireNonNull(norm.namedParameters().get("weight"));
        weight.assign(Tensor.randn(rng, 5, 6).data());
        norm.eval();
        NdArray still = norm.forward(x).data();
        assertThat(norm.forward(x).data()).isEqualTo(still);

        norm.train();
        assertThat(norm.forward(x).data()).isNotEqualTo(still);
    }

    @Test
    void theEstimatesForAWeightOfZerosAreNotNaN() {
        Dense dense = Dense.withoutBias(2, 2, init);
        dense.weight().assign(NdArray.of(Shape.of(2, 2), 0, 0, 0, 0));
        SpectralNorm.of(dense, rng)
                .namedBuffers()
                .forEach((name, buffer) -> assertThat(
                                buffer.value().map(Math::abs).sum().item())
                        .as(name)
                        .isZero());
    }

    @Test
    void theEstimatesAreConstantsOfTheGradient() {
        Dense dense = Dense.withoutBias(2, 2, init);
        dense.weight().assign(NdArray.of(Shape.of(2, 2), 4, 0, 0, 1));
        SpectralNorm norm = SpectralNorm.of(dense, rng);
        norm.eval();
        Tensor weight = Objects.requireNonNull(norm.namedParameters().get("weight"));

        // σ is the first weight, 4, since u = v = ±e₀: the first weight divided by σ is always 1, the last one is w/σ.
        norm.weight().select(0, 0).select(0, 0).backward();
        assertThat(Objects.requireNonNull(weight.grad()).abs().max().item()).isLessThan(1e-15);
        norm.weight().select(0, 1).select(0, 1).backward();
        assertThat(gradient(weight).toDoubleArray())
                .containsExactly(new double[] {-1 / 16.0, 0, 0, 0.25}, within(1e-9));
    }

    @Test
    void trainingChangesTheNewParametersAndTheBias() {
        Dense dense = new Dense(3, 2, init);
        NdArray before = dense.weight().data().copy();
        Sequential net = new Sequential(WeightNorm.of(dense), new Tanh(), SpectralNorm.of(new Dense(2, 1, init), rng));
        List<NdArray> all = net.parameters().stream().map(p -> p.data().copy()).toList();
        SGD sgd = new SGD(net.parameters(), 0.1);
        net.forward(Tensor.randn(rng, 4, 3)).square().sum().backward();
        sgd.step();

        for (int k = 0; k < all.size(); k++) {
            assertThat(net.parameters().get(k).data()).isNotEqualTo(all.get(k));
        }
        assertThat(dense.weight().data()).isEqualTo(before);
        assertThat(Objects.requireNonNull(dense.bias()).data())
                .isEqualTo(Objects.requireNonNull(net.namedParameters().get("0.bias"))
                        .data());
    }

    @Test
    void aFrozenLayerIsRefused() {
        Dense dense = new Dense(3, 2, init);
        dense.freeze();

        refused(() -> WeightNorm.of(dense))
                .withMessage(
                        "WeightNorm: the layer Dense(3 -> 2) is frozen; call unfreeze() on it first, and freeze() on"
                                + " what is made of it");
        refused(() -> SpectralNorm.of(dense, rng))
                .withMessageStartingWith("SpectralNorm: the layer Dense(3 -> 2) is frozen");
    }

    @Test
    void wrongInputsAreRefusedWithTheLayersPath() {
        WeightNorm norm = WeightNorm.of(new Dense(3, 2, init));

        assertThat(norm).hasToString("WeightNorm(Dense [2, 3])");
        thrown(ShapeException.class, () -> new Sequential(new ReLU(), norm).forward(Tensor.zeros(5, 4)))
                .withMessage("1: WeightNorm(Dense [2, 3]): linear: expected input [..., 3], got [5, 4];"
                        + " the weight [out, in] is [2, 3]");
        thrown(
                        DTypeException.class,
                        () -> SpectralNorm.of(new Conv1d(2, 3, 2, init), rng)
                                .forward(Tensor.zeros(DType.FLOAT32, 1, 2, 5)))
                .withMessageStartingWith(
                        "SpectralNorm(Conv1d [3, 2, 2]): conv1d: cannot mix FLOAT32 input with FLOAT64");
    }
}
