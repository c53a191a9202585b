package io.adjoint.autograd;

import static io.adjoint.autograd.Leaves.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Replacement;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CreationTest {
    private static final int MANY = 100_000;
    /** The number of standard deviations by which a mean may be off; the error is larger for one seed in 15,000. */
    private static final double SIGMAS = 4;

    private static RandomGenerator random(long seed) {
        return new SplittableRandom(seed);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void oneValueEverywhere(DType dtype) {
        Tensor like = Tensor.zeros(dtype, 2, 3);

        assertThat(like.dtype()).isEqualTo(dtype);
        assertThat(like.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(numbers(like)).containsOnly(0).hasSize(6);
        assertThat(Tensor.ones(dtype, 2, 3).data())
                .isEqualTo(Tensor.full(dtype, 1, 2, 3).data());
        double value = dtype == DType.BOOL ? 1 : -7;
        assertThat(numbers(Tensor.full(dtype, value, 0, 3))).isEmpty();
        assertThat(Tensor.zerosLike(like).data()).isEqualTo(like.data());
        assertThat(Tensor.onesLike(like).data())
                .isEqualTo(Tensor.ones(dtype, 2, 3).data());
        assertThat(Tensor.fullLike(like, value).data())
                .isEqualTo(Tensor.full(dtype, value, 2, 3).data());
        assertThat(Tensor.eye(dtype, 2, 3).data().toDoubleArray()).containsExactly(1, 0, 0, 0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void arangeIsOfAnyTypeThatHoldsItsNumbers(DType dtype) {
        if (dtype == DType.BOOL) {
            assertRejected(
                    IllegalArgumentException.class, () -> Tensor.arange(dtype, 3, -3, -2), "arange:", "3.0 is no BOOL");
        } else {
            assertThat(numbers(Tensor.arange(dtype, 3, -3, -2))).containsExactly(3, 1, -1);
        }
    }

    @Test
    void float64IsTheDefault() {
        assertThat(Tensor.zeros(2).data()).isEqualTo(Tensor.of(0, 0).data());
        assertThat(Tensor.ones(2).data()).isEqualTo(Tensor.of(1, 1).data());
        assertThat(Tensor.full(0.5, 2).data()).isEqualTo(Tensor.of(0.5, 0.5).data());
        assertThat(Tensor.zeros().shape()).isEqualTo(Shape.scalar());
        assertThat(Tensor.eye(2).data())
                .isEqualTo(Tensor.of(new double[][] {{1, 0}, {0, 1}}).data());
        assertThat(Tensor.eye(1, 2).data())
                .isEqualTo(Tensor.of(new double[][] {{1, 0}}).data());
        assertThat(Tensor.eye(2, 0).shape()).isEqualTo(Shape.of(2, 0));
    }

    @Test
    void rangesEndBeforeTheEnd() {
        assertThat(numbers(Tensor.arange(4))).containsExactly(0, 1, 2, 3);
        assertThat(numbers(Tensor.arange(3.5))).containsExactly(0, 1, 2, 3);
        assertThat(numbers(Tensor.arange(1, 3))).containsExactly(1, 2);
        assertThat(numbers(Tensor.arange(0, 1, 0.25))).containsExactly(0, 0.25, 0.5, 0.75);
        assertThat(numbers(Tensor.arange(2, 2))).isEmpty();
    }

    @Test
    void equalDistancesWithBothEnds() {
        assertThat(numbers(Tensor.linspace(0, 1, 5))).containsExactly(0, 0.25, 0.5, 0.75, 1);
        assertThat(numbers(Tensor.linspace(0.1, 0.7, 8))).startsWith(0.1).endsWith(0.7);
        assertThat(numbers(Tensor.linspace(3, -3, 3))).containsExactly(3, 0, -3);
        assertThat(numbers(Tensor.linspace(2, 5, 1))).containsExactly(2);
        assertThat(numbers(Tensor.linspace(2, 5, 0))).isEmpty();
        assertThat(Tensor.linspace(DType.FLOAT32, 0, 1, 3).data())
                .isEqualTo(Tensor.of(new float[] {0, 0.5f, 1}).data());
    }

    @Test
    void javaArraysOfAnyRankThereAndBack() {
        float[][][] array = {{{1, 2}, {3, 4}}};
        Tensor tensor = Tensor.fromArray(array);

        assertThat(tensor.shape()).isEqualTo(Shape.of(1, 2, 2));
        assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(tensor.toArray(float[][][].class)).isDeepEqualTo(array);
        assertThat(Tensor.of(new double[0][0]).shape()).isEqualTo(Shape.of(0, 0));
    }

    @Test
    void uniformFloatsStayBelowOne() {
        RandomGenerator almostOne = () -> -1L;

        assertThat(Tensor.rand(DType.FLOAT32, almostOne, 1).item()).isEqualTo(Math.nextDown(1f));
        assertThat(Tensor.rand(almostOne, 1).item()).isEqualTo(Math.nextDown(1.0));
    }

    /**
     * Asserts that mean and variance are off by at most {@link #SIGMAS} of their standard deviations; {@code ofSquare} is the variance of
     * the squared deviation from the mean.
     */
    private static void assertMoments(double[] drawn, double mean, double variance, double ofSquare) {
        double found = Arrays.stream(drawn).average().orElseThrow();
        double spread =
                Arrays.stream(drawn).map(v -> (v - mean) * (v - mean)).average().orElseThrow();

        assertThat(found).isCloseTo(mean, within(SIGMAS * Math.sqrt(variance / drawn.length)));
        assertThat(spread).isCloseTo(variance, within(SIGMAS * Math.sqrt(ofSquare / drawn.length)));
    }

    @Test
    void coinsFallWithTheirProbabilities() {
        Tensor probabilities = Tensor.of(0, 0.25, 1).unsqueeze(1).broadcastTo(Shape.of(3, MANY));
        Tensor drawn = Tensor.bernoulli(probabilities, random(4));
        double[] frequencies = numbers(drawn.mean(1));

        assertThat(numbers(drawn)).containsOnly(0, 1);
        assertThat(frequencies[0]).isZero();
        assertThat(frequencies[1]).isCloseTo(0.25, within(SIGMAS * Math.sqrt(0.25 * 0.75 / MANY)));
        assertThat(frequencies[2]).isOne();
        assertThat(Tensor.bernoulli(Tensor.full(DType.FLOAT32, 0.5, 2), random(4))
                        .dtype())
                .isEqualTo(DType.FLOAT32);
    }

    @Test
    void normalNumbersHaveMeansAndDeviationsOfTheirOwn() {
        Tensor means = Tensor.of(-1, 5).unsqueeze(1);
        Tensor deviations = Tensor.of(0, 0.5, 2);
        Tensor drawn = Tensor.normal(means, deviations, random(4));

        assertThat(drawn.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(numbers(drawn.select(1, 0))).containsExactly(-1, 5);
        assertSame(drawn, means.add(deviations.mul(Tensor.randn(random(4), 2, 3))));
        assertSame(
                Tensor.normal(means.to(DType.FLOAT32), deviations.to(DType.FLOAT32), random(4)),
                drawn.to(DType.FLOAT32));
    }

    @Test
    void ordersAndWeightedIndices() {
        assertThat(Tensor.permutation(6, random(5)).data().toIntArray()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        assertThat(Tensor.multinomial(Tensor.of(0, 2), 2, Replacement.WITH, random(5))
                        .data()
                        .toIntArray())
                .containsExactly(1, 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT64", "FLOAT32"})
    void distributionsWithArguments(DType dtype) {
        double[] even = numbers(Tensor.uniform(dtype, -3, 5, random(1), MANY));
        double[] normal = numbers(Tensor.normal(dtype, 2, 0.5, random(2), MANY));

        assertThat(Arrays.stream(even).min().orElseThrow()).isBetween(-3.0, -3 + 1e-3);
        assertThat(Arrays.stream(even).max().orElseThrow()).isBetween(5 - 1e-3, Math.nextDown(5.0));
        assertMoments(even, 1, 64 / 12.0, 4096 / 180.0);
        assertMoments(normal, 2, 0.25, 2 * 0.0625);
        assertThat(numbers(Tensor.uniform(dtype, 2, 2, random(1), 3))).containsOnly(2);
        assertThat(numbers(Tensor.normal(dtype, 2, 0, random(1), 3))).containsOnly(2);
    }

    @Test
    void theUpperBoundIsExcludedAfterRoundingToo() {
        RandomGenerator almostOne = () -> -1L;

        assertThat(Tensor.uniform(1, 2, almostOne).item()).isEqualTo(Math.nextDown(2.0));
        assertThat(Tensor.uniform(DType.FLOAT32, 1, 2, almostOne).item()).isEqualTo(Math.nextDown(2f));
        assertThat(Tensor.uniform(DType.FLOAT32, 1, 1 + 1e-10, almostOne).item())
                .isEqualTo(1);
    }

    /** The bounds are no floats, and are rounded up or down; a number that is drawn next to a bound must not be rounded beyond it. */
    @Test
    void floatsStayWithinBoundsThatAreNoFloats() {
        for (double low : new double[] {0.1, 0.7, -0.1, -0.7}) {
            for (double width : new double[] {1e-7, 0.5}) {
                double high = low + width;
                for (RandomGenerator random : new RandomGenerator[] {() -> 0L, () -> -1L, random(9)}) {
                    assertThat(Arrays.stream(numbers(Tensor.uniform(DType.FLOAT32, low, high, random, 99))))
                            .allMatch(v -> v >= low && v < high, low + " to " + high);
                }
            }
        }
        assertThat(Tensor.uniform(DType.FLOAT32, 0.7, 0.7, random(9), 1).item()).isEqualTo(0.7f);
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.uniform(DType.FLOAT32, 0.7, 0.7 + 1e-9, random(9), 1),
                "uniform: there is no FLOAT32 number from 0.7 on and below 0.70",
                "or FLOAT64");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.uniform(DType.FLOAT32, 1e300, 2e300, random(9), 1),
                "uniform: there is no FLOAT32 number from 1.0E300 on");
    }

    @Test
    void aShapeStandsForItsSizes() {
        Shape shape = Shape.of(2, 3);
        for (DType dtype : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
            assertSame(Tensor.zeros(dtype, shape), Tensor.zeros(dtype, 2, 3));
            assertSame(Tensor.ones(dtype, shape), Tensor.ones(dtype, 2, 3));
            assertSame(Tensor.full(dtype, shape, 7), Tensor.full(dtype, 7, 2, 3));
            assertSame(Tensor.rand(dtype, shape, random(1)), Tensor.rand(dtype, random(1), 2, 3));
            assertSame(Tensor.randn(dtype, shape, random(1)), Tensor.randn(dtype, random(1), 2, 3));
            assertSame(Tensor.uniform(dtype, shape, -1, 4, random(1)), Tensor.uniform(dtype, -1, 4, random(1), 2, 3));
            assertSame(Tensor.normal(dtype, shape, 1, 4, random(1)), Tensor.normal(dtype, 1, 4, random(1), 2, 3));
        }
        assertSame(Tensor.zeros(shape), Tensor.zeros(2, 3));
        assertSame(Tensor.ones(shape), Tensor.ones(2, 3));
        assertSame(Tensor.full(shape, 7), Tensor.full(7, 2, 3));
        assertSame(Tensor.rand(shape, random(1)), Tensor.rand(random(1), 2, 3));
        assertSame(Tensor.randn(shape, random(1)), Tensor.randn(random(1), 2, 3));
        assertSame(Tensor.uniform(shape, -1, 4, random(1)), Tensor.uniform(-1, 4, random(1), 2, 3));
        assertSame(Tensor.normal(shape, 1, 4, random(1)), Tensor.normal(1, 4, random(1), 2, 3));
        assertSame(Tensor.randint(shape, 1, 4, random(1)), Tensor.randint(1, 4, random(1), 2, 3));
    }

    private static void assertSame(Tensor one, Tensor other) {
        assertThat(one.data()).isEqualTo(other.data());
    }

    @Test
    void numbersOneByOneAreFloat64AndAnArrayKeepsItsType() {
        assertSame(Tensor.of(1), Tensor.of(1.0));
        assertSame(Tensor.of(1, 2, 3), Tensor.of(1.0, 2.0, 3.0));
        assertSame(Tensor.of(1, 2.5), Tensor.of(1.0, 2.5));
        assertSame(Tensor.of(1f, 2f), Tensor.of(1.0, 2.0));
        assertThat(Tensor.of(new int[] {1}).dtype()).isEqualTo(DType.INT32);
        assertThat(Tensor.of(new float[] {1}).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(Tensor.of(new int[][] {{1, 2}, {3, 4}}).data())
                .isEqualTo(Tensor.of(new int[] {1, 2, 3, 4}).reshape(2, 2).data());
        assertThat(Tensor.of(new float[][] {{1, 2}, {3, 4}}).data())
                .isEqualTo(Tensor.of(new float[] {1, 2, 3, 4}).reshape(2, 2).data());
    }

    @Test
    void aSeedFixesWhatIsDrawn() {
        assertThat(Tensor.rand(random(6), 3).data())
                .isEqualTo(Tensor.rand(random(6), 3).data());
        assertThat(Tensor.randn(random(6), 3).data())
                .isEqualTo(Tensor.randn(random(6), 3).data())
                .isNotEqualTo(Tensor.randn(random(7), 3).data());
        assertThat(Tensor.randn(DType.FLOAT32, random(6), 3).data())
                .isEqualTo(Tensor.randn(random(6), 3).data().to(DType.FLOAT32));
    }

    private static void assertRejected(Class<? extends Exception> type, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(type).hasMessageContainingAll(parts);
    }

    @Test
    void wrongSizesAndValuesAreRejected() {
        assertRejected(ShapeException.class, () -> Tensor.zeros(2, -1), "zeros: [2, -1]", "negative size");
        assertRejected(ShapeException.class, () -> Tensor.ones(1 << 16, 1 << 16), "ones: [65536, 65536]", "2147483647");
        assertRejected(ShapeException.class, () -> Tensor.eye(-1), "eye: [-1, -1]");
        assertRejected(IllegalArgumentException.class, () -> Tensor.full(DType.INT32, 0.5, 2), "full:", "0.5", "INT32");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.fullLike(Tensor.of(new int[] {1}), Double.NaN),
                "fullLike:",
                "NaN",
                "FLOAT64");
    }

    @Test
    void wrongRangesAreRejected() {
        assertRejected(IllegalArgumentException.class, () -> Tensor.arange(0, 1, 0), "arange:", "step 0.0");
        assertRejected(IllegalArgumentException.class, () -> Tensor.arange(3, 1), "arange:", "start 3.0", "end 1.0");
        assertRejected(IllegalArgumentException.class, () -> Tensor.arange(Double.NaN), "arange:", "NaN");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.arange(0, 1, Double.POSITIVE_INFINITY),
                "arange:",
                "step Infinity");
        assertRejected(ShapeException.class, () -> Tensor.arange(1e12), "arange:", "2147483647");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.arange(DType.INT32, 0, 1, 0.25),
                "arange:",
                "0.25 is no INT32");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.arange(DType.INT32, 0, 5e9, 2e9),
                "arange:",
                "4.0E9 is no INT32");
        assertRejected(IllegalArgumentException.class, () -> Tensor.linspace(0, 1, -1), "linspace:", "-1");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.linspace(0, Double.POSITIVE_INFINITY, 2),
                "linspace:",
                "Infinity");
        assertRejected(DTypeException.class, () -> Tensor.linspace(DType.INT32, 0, 1, 2), "linspace:", "INT32");
    }

    @Test
    void wrongDistributionsAreRejected() {
        assertRejected(DTypeException.class, () -> Tensor.rand(DType.INT32, random(8), 2), "rand:", "INT32");
        assertRejected(DTypeException.class, () -> Tensor.randn(DType.INT32, random(8), 2), "randn:", "INT32");
        assertRejected(
                IllegalArgumentException.class, () -> Tensor.uniform(1, 0, random(8), 2), "uniform:", "1.0 and 0.0");
        assertRejected(IllegalArgumentException.class, () -> Tensor.uniform(0, Double.NaN, random(8), 2), "NaN");
        assertRejected(IllegalArgumentException.class, () -> Tensor.uniform(-1e308, 1e308, random(8), 2), "finite");
        assertRejected(DTypeException.class, () -> Tensor.uniform(DType.INT32, 0, 1, random(8), 2), "uniform:");
        assertRejected(IllegalArgumentException.class, () -> Tensor.normal(1, -1, random(8), 2), "normal:", "-1.0");
        assertRejected(IllegalArgumentException.class, () -> Tensor.normal(Double.NaN, 1, random(8), 2), "NaN");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.normal(Tensor.of(1, 2), Tensor.of(1, -2), random(8)),
                "normal:",
                "-2.0");
        assertRejected(DTypeException.class, () -> Tensor.normal(DType.INT32, 0, 1, random(8), 2), "normal:");
        assertRejected(IllegalArgumentException.class, () -> Tensor.randint(2, 2, random(8), 3), "randint:", "2 and 2");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.bernoulli(Tensor.of(0.5, 1.5), random(8)),
                "bernoulli:",
                "element 1",
                "[2]",
                "1.5");
        assertRejected(IllegalArgumentException.class, () -> Tensor.bernoulli(Tensor.of(Double.NaN), random(8)), "NaN");
        assertRejected(
                DTypeException.class,
                () -> Tensor.bernoulli(Tensor.of(new int[] {1}), random(8)),
                "bernoulli:",
                "INT32");
        assertRejected(IllegalArgumentException.class, () -> Tensor.permutation(-1, random(8)), "permutation:", "-1");
        assertRejected(
                IllegalArgumentException.class,
                () -> Tensor.multinomial(Tensor.of(1, 0), 2, Replacement.WITHOUT, random(8)),
                "multinomial:",
                "1 positive");
    }
}
