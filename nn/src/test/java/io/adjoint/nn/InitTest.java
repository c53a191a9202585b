package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.layer.Dense;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class InitTest {
    /** A shape with fan-in 60 · 4 = 240 and fan-out 100 · 4 = 400. */
    private static final Shape WEIGHT = Shape.of(100, 60, 2, 2);

    private final Init init = new Init(new Random(1));

    private static double deviation(Tensor t) {
        double mean = t.mean().item();
        return Math.sqrt(t.square().mean().item() - mean * mean);
    }

    private static void assertUniform(Tensor t, double low, double high) {
        assertThat(t.amax().item()).isBetween(high - (high - low) / 500, high);
        assertThat(t.amin().item()).isBetween(low, low + (high - low) / 500);
        assertThat(t.mean().item()).isCloseTo((low + high) / 2, within((high - low) / 50));
        assertThat(deviation(t)).isCloseTo((high - low) / Math.sqrt(12), within((high - low) / 50));
    }

    private static void assertNormal(Tensor t, double mean, double deviation) {
        assertThat(t.mean().item()).isCloseTo(mean, within(deviation / 20));
        assertThat(deviation(t)).isCloseTo(deviation, within(deviation / 50));
        double[] values = t.data().toDoubleArray();
        long within = Arrays.stream(values)
                .filter(v -> Math.abs(v - mean) < deviation)
                .count();
        assertThat((double) within / values.length).isCloseTo(0.6827, within(0.01));
    }

    @Test
    void uniformFillsItsRange() {
        assertUniform(init.uniform(WEIGHT, -1, 3), -1, 3);
        assertThat(init.uniform(Shape.of(2), 1, 1).data().toDoubleArray()).containsExactly(1, 1);
    }

    @Test
    void normalHasItsMeanAndDeviation() {
        assertNormal(init.normal(WEIGHT, 2, 0.5), 2, 0.5);
    }

    @Test
    void xavierBalancesFanInAndFanOut() {
        assertUniform(
                init.xavierUniform(WEIGHT, Gain.TANH), -5.0 / 3 * Math.sqrt(6.0 / 640), 5.0 / 3 * Math.sqrt(6.0 / 640));
        assertNormal(init.xavierNormal(WEIGHT, 1), 0, Math.sqrt(2.0 / 640));
    }

    @Test
    void kaimingKeepsTheVarianceOfTheForwardSignal() {
        assertUniform(init.kaimingUniform(WEIGHT, Gain.RELU), -Math.sqrt(6.0 / 240), Math.sqrt(6.0 / 240));
        assertNormal(init.kaimingNormal(WEIGHT, Gain.RELU), 0, Math.sqrt(2.0 / 240));
    }

    @Test
    void kaimingOfFanOutKeepsTheVarianceOfTheGradients() {
        assertUniform(init.kaimingUniform(WEIGHT, Gain.RELU, Fan.OUT), -Math.sqrt(6.0 / 400), Math.sqrt(6.0 / 400));
        assertNormal(init.kaimingNormal(WEIGHT, Gain.RELU, Fan.OUT), 0, Math.sqrt(2.0 / 400));
    }

    @Test
    void truncatedNormalHasTheMomentsOfTheDistributionBetweenItsBounds() {
        // For N(0, 1) between −1 and 2: φ(−1) = 0.24197, φ(2) = 0.05399, Φ(2) − Φ(−1) = 0.81859.
        Tensor t = init.truncatedNormal(WEIGHT, 0, 1, -1, 2);
        assertThat(t.amin().item()).isBetween(-1.0, -0.99);
        assertThat(t.amax().item()).isBetween(1.9, 2.0);
        assertThat(t.mean().item()).isCloseTo((0.24197 - 0.05399) / 0.81859, within(0.02));
        assertThat(t.lt(0).mean().item()).isCloseTo(0.34134 / 0.81859, within(0.01));

        Tensor tail = init.truncatedNormal(WEIGHT, 1, 2, 21, 23);
        assertThat(tail.amin().item()).isBetween(21.0, 21.001);
        // The distribution is nearly exponential: the mean of a normal number above 10 is 10.0981.
        assertThat(tail.mean().item()).isCloseTo(1 + 2 * 10.0981, within(0.01));

        assertThat(init.truncatedNormal(WEIGHT, 0, 1, Double.NEGATIVE_INFINITY, 0)
                        .amax()
                        .item())
                .isBetween(-0.001, 0.0);
    }

    @Test
    void orthogonalHasOrthonormalRowsOrColumns() {
        for (Shape shape : new Shape[] {Shape.of(5, 3), Shape.of(3, 5), Shape.of(4, 4), Shape.of(4, 2, 3)}) {
            Tensor w = init.orthogonal(shape, 0.5)
                    .detach()
                    .reshape(shape.dim(0), -1)
                    .mul(2);
            boolean isWide = w.shape().dim(0) < w.shape().dim(1);
            Tensor gram = isWide ? w.matmul(w.transpose()) : w.transpose().matmul(w);

            assertThat(gram.allClose(Tensor.eye(gram.shape().dim(0)), 0, 1e-14)).isTrue();
        }
    }

    @Test
    void orthogonalIsUniformlyDistributed() {
        // Each element of a random 2 × 2 rotation or reflection is the cosine of a uniformly distributed angle, with
        // mean 0 and variance ½.
        double sum = 0;
        double squares = 0;
        for (int k = 0; k < 4000; k++) {
            double element = init.orthogonal(Shape.of(2, 2), 1).detach().data().get(0, 0);
            sum += element;
            squares += element * element;
        }
        assertThat(sum / 4000).isCloseTo(0, within(0.05));
        assertThat(squares / 4000).isCloseTo(0.5, within(0.03));
    }

    @Test
    void diracMakesAConvolutionTheIdentity() {
        Tensor x = Tensor.randn(new Random(3), 2, 4, 5, 5);
        ConvOptions same = new ConvOptions().padding(1);
        Tensor weight = init.dirac(Shape.of(4, 4, 3, 3)).detach();
        Tensor grouped = init.dirac(Shape.of(4, 2, 3, 3), 2).detach();

        assertThat(x.conv2d(weight, same).data()).isEqualTo(x.data());
        assertThat(x.conv2d(grouped, same.groups(2)).data()).isEqualTo(x.data());
        assertThat(init.dirac(Shape.of(2, 3, 1)).data())
                .isEqualTo(init.eye(2, 3).data().reshape(2, 3, 1));
    }

    @Test
    void sparseHasAsManyZerosInEachColumn() {
        Tensor t = init.sparse(10, 300, 0.25, 0.01);

        assertThat(t.eq(0).sum(0).eq(3).all().data().item()).isEqualTo(1);
        // In each column 3 of 10 elements are 0, and each row has an equal share of the zeros.
        assertThat(t.eq(0).mean(1).sub(0.3).abs().amax().item()).isLessThan(0.1);
        assertThat(t.square().sum().item() / (7 * 300)).isCloseTo(1e-4, within(1e-5));
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        refused(() -> init.truncatedNormal(WEIGHT, 0, 1, 2, 2))
                .withMessageContaining("truncatedNormal: N(0.0, 1.0²) has nothing between 2.0 and 2.0");
        refused(() -> init.truncatedNormal(WEIGHT, 0, 1, 50, 51)).withMessageContaining("37 standard deviations");
        refused(() -> init.truncatedNormal(WEIGHT, 0, 0, -1, 1))
                .withMessageContaining("truncatedNormal")
                .withMessageContaining("std");
        refused(() -> init.sparse(3, 3, 1.5, 1)).withMessageContaining("sparsity");
        thrown(ShapeException.class, () -> init.orthogonal(Shape.of(3), 1))
                .withMessageContaining("orthogonal: a weight [out, in, ...]");
        thrown(ShapeException.class, () -> init.dirac(Shape.of(4, 4)))
                .withMessageContaining("dirac: expected a weight [out, in / groups, k...]")
                .withMessageContaining("[4, 4]");
    }

    @Test
    void constantsAreWhatTheySay() {
        assertThat(init.zeros(Shape.of(2)).data().toDoubleArray()).containsExactly(0, 0);
        assertThat(init.dtype(DType.FLOAT32).ones(Shape.of(2)).data().toFloatArray())
                .containsExactly(1, 1);
        assertThat(init.constant(Shape.of(2), 0.25).data().toDoubleArray()).containsExactly(0.25, 0.25);
    }

    @Test
    void everythingIsALeafThatRequiresGrad() {
        for (Tensor t : new Tensor[] {init.ones(Shape.of(2)), init.uniform(Shape.of(2), 0, 1)}) {
            assertThat(t.isLeaf()).isTrue();
            assertThat(t.requiresGrad()).isTrue();
        }
    }

    @Test
    void theSameSeedGivesTheSameNumbersInBothDtypes() {
        assertThat(new Init(new Random(2))
                        .dtype(DType.FLOAT32)
                        .normal(WEIGHT, 0, 1)
                        .data())
                .isEqualTo(new Init(new Random(2)).normal(WEIGHT, 0, 1).data().to(DType.FLOAT32));
    }

    @Test
    void gainsAreThoseOfPyTorch() {
        assertThat(new double[] {Gain.LINEAR, Gain.SIGMOID, Gain.TANH, Gain.RELU, Gain.SELU, Gain.leakyRelu(0.01)})
                .containsExactly(
                        new double[] {1, 1, 1.6666666666666667, 1.4142135623730951, 0.75, 1.4141428569978354},
                        within(1e-15));
    }

    @Test
    void impossibleDistributionsAreRefused() {
        refused(() -> init.uniform(WEIGHT, 1, 0))
                .withMessage("uniform: expected finite bounds low <= high, got 1.0 and 0.0");
        refused(() -> init.normal(WEIGHT, 0, -1))
                .withMessage(
                        "normal: expected a finite mean and a finite standard deviation from 0 on, got 0.0 and -1.0");
    }

    @Test
    void aGainThatIsNoneIsNamedWithTheMethodThatTakesIt() {
        for (double gain : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e308}) {
            Map<String, BiFunction<Shape, Double, Tensor>> methods = Map.of(
                    "xavierUniform", init::xavierUniform,
                    "xavierNormal", init::xavierNormal,
                    "kaimingUniform", init::kaimingUniform,
                    "kaimingNormal", init::kaimingNormal);
            methods.forEach((name, method) -> refused(() -> method.apply(Shape.of(1, 1), gain))
                    .withMessage(
                            name + ": the gain must be a number from 0 on for which the weights stay finite, such as"
                                    + " those of Gain, got " + gain));
        }
        assertThat(init.kaimingUniform(WEIGHT, 0).abs().sum().item()).isZero();
    }

    @Test
    void aVectorHasNoFanIn() {
        thrown(ShapeException.class, () -> init.xavierUniform(Shape.of(3), 1))
                .withMessage(
                        "xavierUniform: a weight [out, in, ...] with at least one element has a fan-in and fan-out,"
                                + " [3] does not");
    }

    @Test
    @SuppressWarnings("NullAway") // null is the mistake that the test makes
    void aMissingDTypeIsNamed() {
        thrown(DTypeException.class, () -> new Init(new Random(1), null))
                .withMessage("Init: a parameter is FLOAT64 or FLOAT32, not null");
    }

    @Test
    void integersAreNoParameters() {
        thrown(DTypeException.class, () -> init.dtype(DType.INT32))
                .withMessage("Init: a parameter is FLOAT64 or FLOAT32, not INT32");
    }

    @Test
    void aLayerTakesAGeneratorOrAnInitWhichSetsTheDtype() {
        Dense doubles = new Dense(2, 3, new Random(1));
        Dense same = new Dense(2, 3, new Init(new Random(1)));
        Dense floats = new Dense(2, 3, new Init(new Random(1)).dtype(DType.FLOAT32));

        assertThat(same.weight().data()).isEqualTo(doubles.weight().data());
        assertThat(floats.weight().data()).isEqualTo(doubles.weight().data().to(DType.FLOAT32));
    }

    @Test
    void anInitIsTheGeneratorBehindIt() {
        Random behind = new Random(1);
        Init floats = new Init(behind).dtype(DType.FLOAT32);

        assertThat(floats.nextLong()).isEqualTo(new Random(1).nextLong());
        assertThat(new Init(floats).generator()).isSameAs(behind);
        assertThat(Init.of(floats)).isSameAs(floats);
    }

    @Test
    @SuppressWarnings("NullAway") // null is the mistake that the test makes
    void refusesNullInPlaceOfAGenerator() {
        refused(() -> new Dense(2, 3, null)).withMessage("Init: the generator is null");
    }
}
