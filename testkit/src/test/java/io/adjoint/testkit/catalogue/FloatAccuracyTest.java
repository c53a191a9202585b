package io.adjoint.testkit.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That sums of 2²⁴ floats are right to a millionth, which they are not if added up as floats. */
class FloatAccuracyTest {
    private static final int N = 1 << 24;
    private static final double TOLERANCE = 1e-6;
    private static final float[] ELEMENTS = elements();
    private static final Tensor X = Tensor.of(NdArray.wrap(Shape.of(N), ELEMENTS));

    private static float[] elements() {
        SplittableRandom random = new SplittableRandom(1);
        float[] elements = new float[N];
        for (int k = 0; k < N; k++) {
            elements[k] = 1000 + (float) random.nextDouble();
        }
        return elements;
    }

    /** Without rounding: each term is a multiple of 2⁻¹⁰⁰ at the least, and longs hold what blocks of them add up to. */
    private static double exactSum(DoubleUnaryOperator term) {
        BigDecimal total = BigDecimal.ZERO;
        for (int from = 0; from < N; from += 1024) {
            double sum = 0;
            double lost = 0;
            for (int k = from; k < from + 1024; k++) {
                double v = term.applyAsDouble(ELEMENTS[k]);
                double next = sum + v;
                lost += Math.abs(sum) >= Math.abs(v) ? (sum - next) + v : (v - next) + sum;
                sum = next;
            }
            total = total.add(new BigDecimal(sum)).add(new BigDecimal(lost));
        }
        return total.doubleValue();
    }

    private static void assertAccurate(Tensor actual, double expected) {
        assertThat(actual.item()).isCloseTo(expected, within(TOLERANCE * Math.abs(expected)));
    }

    @Test
    void sumAndMean() {
        double sum = exactSum(v -> v);

        assertAccurate(X.sum(), sum);
        assertAccurate(X.mean(), sum / N);
    }

    @Test
    void dotProducts() {
        double dot = exactSum(v -> v * v);

        assertAccurate(X.mul(X).sum(), dot);
        assertAccurate(X.matmul(X), dot);
    }

    @Test
    void varianceFarFromZero() {
        double mean = exactSum(v -> v) / N;
        double variance = exactSum(v -> (v - mean) * (v - mean)) / (N - 1);

        assertAccurate(X.var(), variance);
        assertAccurate(X.std(), Math.sqrt(variance));
        assertAccurate(X.vectorNorm(2), Math.sqrt(exactSum(v -> v * v)));
    }

    @Test
    void overSeveralGroupsOfAxes() {
        Tensor cube = X.reshape(256, 4, 256, 64);

        double[] sums = new double[4];
        for (int k = 0; k < N; k++) {
            sums[k / (256 * 64) % 4] += ELEMENTS[k];
        }

        Tensor actual = cube.sum(0, 2, 3);
        for (int k = 0; k < sums.length; k++) {
            assertThat(actual.data().get(k)).isCloseTo(sums[k], within(TOLERANCE * sums[k]));
        }
        assertThat(Stream.of(cube.mean(0, 2), cube.mean(2, 0))
                        .map(mean -> mean.amax().item() - 1000)
                        .allMatch(rest -> rest > 0.4 && rest < 0.6))
                .isTrue();
    }
}
