package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tests that sums of 2²⁴ floats have a relative error below a millionth; sums accumulated in floats would not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FloatAccuracyTest {
    private static final int N = 1 << 24;
    private static final double TOLERANCE = 1e-6;

    private final float[] elements = elements();
    private final Tensor x = Tensor.of(NdArray.wrap(Shape.of(N), elements));

    private static float[] elements() {
        SplittableRandom random = new SplittableRandom(1);
        float[] elements = new float[N];
        for (int k = 0; k < N; k++) {
            elements[k] = 1000 + (float) random.nextDouble();
        }
        return elements;
    }

    /**
     * Computes the sum of all terms in blocks, each by compensated summation; the sums of the blocks and their corrections are added
     * exactly.
     */
    private double exactSum(DoubleUnaryOperator term) {
        BigDecimal total = BigDecimal.ZERO;
        for (int from = 0; from < N; from += 1024) {
            double sum = 0;
            double lost = 0;
            for (int k = from; k < from + 1024; k++) {
                double v = term.applyAsDouble(elements[k]);
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

        assertAccurate(x.sum(), sum);
        assertAccurate(x.mean(), sum / N);
    }

    @Test
    void dotProducts() {
        double dot = exactSum(v -> v * v);

        assertAccurate(x.mul(x).sum(), dot);
        assertAccurate(x.matmul(x), dot);
    }

    @Test
    void varianceFarFromZero() {
        double mean = exactSum(v -> v) / N;
        double variance = exactSum(v -> (v - mean) * (v - mean)) / (N - 1);

        assertAccurate(x.var(), variance);
        assertAccurate(x.std(), Math.sqrt(variance));
        assertAccurate(x.vectorNorm(2), Math.sqrt(exactSum(v -> v * v)));
    }

    @Test
    void overSeveralGroupsOfAxes() {
        Tensor cube = x.reshape(256, 4, 256, 64);
        double[] sums = new double[4 * 64];
        for (int k = 0; k < N; k++) {
            sums[k / (256 * 64) % 4 * 64 + k % 64] += elements[k];
        }

        double[] actual = cube.sum(0, 2).data().toDoubleArray();
        double[] means = cube.mean(2, 0).data().toDoubleArray();
        for (int k = 0; k < sums.length; k++) {
            assertThat(actual[k]).isCloseTo(sums[k], within(TOLERANCE * sums[k]));
            assertThat(means[k]).isCloseTo(sums[k] / (256 * 256), within(TOLERANCE * 1000));
        }
    }
}
