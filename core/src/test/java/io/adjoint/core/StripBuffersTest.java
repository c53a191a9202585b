package io.adjoint.core;

import static io.adjoint.core.DType.FLOAT32;
import static io.adjoint.core.DType.FLOAT64;
import static io.adjoint.core.DType.INT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests operations along an axis, on arrays that have one strip, several strips, or a last strip that is narrower than the others. */
class StripBuffersTest {
    private record Arrangement(Shape shape, int axis) {}

    static Stream<Arrangement> arrangements() {
        return Stream.of(
                new Arrangement(Shape.of(5), 0),
                new Arrangement(Shape.of(3, 4), 0),
                new Arrangement(Shape.of(3, 4), 1),
                new Arrangement(Shape.of(2, 3, 30_000), 1),
                new Arrangement(Shape.of(20_000, 11), 0),
                new Arrangement(Shape.of(11, 20_000), -1),
                new Arrangement(Shape.of(70_000), 0));
    }

    /** The rows along the axis: row k begins at the row-major index {@code start(k)}, and its elements are {@code inner} apart. */
    private record Rows(int count, int n, int inner) {
        static Rows of(Arrangement arrangement) {
            Shape shape = arrangement.shape();
            int n = shape.dim(arrangement.axis());
            return new Rows(shape.size() / n, n, shape.strides()[shape.axis("test", arrangement.axis())]);
        }

        int start(int row) {
            return row / inner * n * inner + row % inner;
        }
    }

    private static NdArray small(Shape shape, DType dtype) {
        Random random = new Random(1);
        return NdArray.wrap(
                        shape, random.ints(shape.size(), -3, 4).asDoubleStream().toArray())
                .to(dtype);
    }

    private static double[] scanned(NdArray x, Rows rows, boolean reverse, DoubleBinaryOperator step) {
        double[] y = x.toDoubleArray();
        int by = reverse ? -rows.inner() : rows.inner();
        for (int row = 0; row < rows.count(); row++) {
            int at = rows.start(row) + (reverse ? (rows.n() - 1) * rows.inner() : 0);
            for (int k = 1; k < rows.n(); k++, at += by) {
                y[at + by] = step.applyAsDouble(y[at], y[at + by]);
            }
        }
        return y;
    }

    /** Compares many elements one by one, since AssertJ's assertions of arrays take long. */
    private static void assertClose(NdArray actual, double[] expected, double tolerance) {
        double[] elements = actual.toDoubleArray();
        assertThat(elements.length).isEqualTo(expected.length);
        for (int k = 0; k < elements.length; k++) {
            if (!(Math.abs(elements[k] - expected[k]) <= tolerance)) {
                throw new AssertionError("element " + k + ": " + elements[k] + ", expected " + expected[k]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("arrangements")
    void scansAreTheSameAsOneByOne(Arrangement arrangement) {
        Rows rows = Rows.of(arrangement);
        for (DType dtype : new DType[] {FLOAT64, FLOAT32}) {
            NdArray x = small(arrangement.shape(), dtype);
            NdArray signs = x.map(v -> v > 0 ? 1 : -1);
            int axis = arrangement.axis();
            for (boolean reverse : new boolean[] {false, true}) {
                assertClose(ScanKernels.cumsum(x, axis, reverse), scanned(x, rows, reverse, Double::sum), 0);
                assertClose(
                        ScanKernels.cumprod(signs, axis, reverse), scanned(signs, rows, reverse, (a, b) -> a * b), 0);
                NdArray factor = NdArray.full(dtype, x.shape(), -1);
                assertClose(
                        ScanKernels.recurrence(factor, x, axis, reverse),
                        scanned(x, rows, reverse, (before, v) -> v - before),
                        0);
            }
        }
        NdArray x = small(arrangement.shape(), FLOAT64);
        assertClose(
                ScanKernels.logCumsumExp(x, arrangement.axis()),
                scanned(x, rows, false, (a, b) -> Math.log(Math.exp(a) + Math.exp(b))),
                1e-9);
    }

    @ParameterizedTest
    @MethodSource("arrangements")
    void indicesAreThoseOfOneByOne(Arrangement arrangement) {
        Rows rows = Rows.of(arrangement);
        NdArray x = small(arrangement.shape(), FLOAT32);
        double[] elements = x.toDoubleArray();
        int axis = arrangement.axis();
        int[] largest = x.argMax(axis).toIntArray();
        int[] smallest = x.argMin(axis).toIntArray();
        int[] third = SelectionKernels.indexOfRank("third", x, axis, 2).toIntArray();
        int[] soFar = ScanKernels.indexSoFar("soFar", x, axis, true).toIntArray();
        for (int row = 0; row < rows.count(); row++) {
            int first = rows.start(row);
            double[] sorted = new double[rows.n()];
            int best = 0;
            int worst = 0;
            int last = 0;
            boolean allLast = true;
            for (int k = 0; k < rows.n(); k++) {
                double v = elements[first + k * rows.inner()];
                sorted[k] = v;
                best = v > sorted[best] ? k : best;
                worst = v < sorted[worst] ? k : worst;
                last = v <= sorted[last] ? k : last;
                allLast &= soFar[first + k * rows.inner()] == last;
            }
            assertThat(allLast).isTrue();
            assertThat(largest[row]).isEqualTo(best);
            assertThat(smallest[row]).isEqualTo(worst);
            Arrays.sort(sorted);
            assertThat(elements[first + third[row] * rows.inner()]).isEqualTo(sorted[2]);
        }
    }

    @ParameterizedTest
    @MethodSource("arrangements")
    void softmaxAndItsRelativesAgree(Arrangement arrangement) {
        int axis = arrangement.axis();
        NdArray x = small(arrangement.shape(), FLOAT64);
        NdArray sums = x.map(Math::exp).sum(Dims.KEEP, axis);

        NdArray y = x.softmax(axis);
        assertClose(y, x.map(Math::exp).div(sums).toDoubleArray(), 1e-12);
        assertClose(x.logSumExp(Dims.KEEP, axis), sums.map(Math::log).toDoubleArray(), 1e-12);
        assertClose(x.logSoftmax(axis), x.sub(sums.map(Math::log)).toDoubleArray(), 1e-12);
        NdArray g = x.map(v -> v + 0.5);
        assertClose(
                SoftmaxKernels.gradient(g, y, axis),
                y.mul(g.sub(g.mul(y).sum(Dims.KEEP, axis))).toDoubleArray(),
                1e-9);
        assertClose(
                SoftmaxKernels.logGradient(g, x, axis),
                g.sub(x.map(Math::exp).mul(g.sum(Dims.KEEP, axis))).toDoubleArray(),
                1e-6);
    }

    @Test
    void operandsMustFit() {
        NdArray x = NdArray.zeros(FLOAT64, Shape.of(2, 3));

        assertThatThrownBy(() -> ScanKernels.recurrence(NdArray.zeros(FLOAT64, Shape.of(3, 2)), x, 0, false))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessage("recurrence: [3, 2] differs from [2, 3]");
        assertThatThrownBy(() -> SoftmaxKernels.gradient(x.to(FLOAT32), x, 0))
                .isExactlyInstanceOf(DTypeException.class)
                .hasMessageContaining("cannot mix FLOAT32 with FLOAT64");
        assertThatThrownBy(() -> ScanKernels.cumprod(x.to(INT32), 0, false))
                .isExactlyInstanceOf(DTypeException.class)
                .hasMessageContaining("cumprod: expected FLOAT64 or FLOAT32 elements, got INT32");
        assertThat(ScanKernels.cumsum(NdArray.zeros(FLOAT64, Shape.of(0, 3)), 0, false)
                        .shape())
                .isEqualTo(Shape.of(0, 3));
    }

    @Test
    void variancesAndNorms() {
        NdArray x = NdArray.of(Shape.of(2, 2, 2), 1, 2, 3, 4, 6, 8, 10, 12);
        NdArray tenths = NdArray.full(FLOAT64, Shape.of(100_001), 0.1);

        assertThat(x.var(Correction.BESSEL, Dims.DROP).item()).isCloseTo(109.5 / 7, within(1e-12));
        assertThat(x.var(Correction.NONE, Dims.DROP, 1).toDoubleArray()).containsExactly(1, 1, 4, 4);
        assertThat(x.var(Correction.NONE, Dims.KEEP, 0, 2).toDoubleArray())
                .containsExactly(new double[] {8.1875, 14.6875}, within(1e-12));
        assertThat(x.std(Correction.NONE, Dims.DROP, 1, 2).toDoubleArray())
                .containsExactly(new double[] {Math.sqrt(1.25), Math.sqrt(5)}, within(1e-12));
        assertThat(tenths.var(Correction.BESSEL, Dims.DROP).item()).isZero();
        assertThat(NdArray.zeros(FLOAT64, Shape.of(2, 0))
                        .var(Correction.NONE, Dims.DROP, 1)
                        .toDoubleArray())
                .containsExactly(Double.NaN, Double.NaN);
        assertThat(x.mean(0, 2).toDoubleArray()).containsExactly(4.25, 7.25);
        NdArray threeFour = NdArray.of(Shape.of(2), -3, 4);
        assertThat(threeFour.vectorNorm(2).item()).isEqualTo(5);
        assertThat(threeFour.vectorNorm(1).item()).isEqualTo(7);
        assertThat(threeFour.vectorNorm(0, Dims.KEEP)).isEqualTo(NdArray.of(Shape.of(1), 2));
        assertThat(threeFour.vectorNorm(3).item()).isCloseTo(Math.cbrt(91), within(1e-12));
        for (double unit : new double[] {1e200, 1e-200}) {
            assertThat(threeFour.mul(unit).vectorNorm(400).item() / unit).isCloseTo(4, within(1e-12));
            assertThat(threeFour.mul(unit).vectorNorm(-400).item() / unit).isCloseTo(3, within(1e-12));
        }
        assertThat(threeFour.mul(1e200).vectorNorm(2).item()).isCloseTo(5e200, within(1e188));
        assertThat(threeFour.vectorNorm(Double.POSITIVE_INFINITY).item()).isEqualTo(4);
        assertThat(threeFour.vectorNorm(Double.NEGATIVE_INFINITY).item()).isEqualTo(3);
        // The cubes are out of the range of floats.
        assertThat(threeFour
                        .mul(NdArray.scalar(FLOAT64, 1e20))
                        .to(FLOAT32)
                        .vectorNorm(3)
                        .item())
                .isCloseTo(Math.cbrt(91) * 1e20, within(1e14));
        assertThatThrownBy(() -> threeFour.vectorNorm(Double.NaN))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vectorNorm: the order p is NaN");
        assertThatThrownBy(() -> NdArray.zeros(FLOAT64, Shape.of(0)).vectorNorm(-2))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessageContaining("vectorNorm: [0] has no elements");
    }
}
