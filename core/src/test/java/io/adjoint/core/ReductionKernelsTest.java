package io.adjoint.core;

import static io.adjoint.core.DType.FLOAT32;
import static io.adjoint.core.DType.FLOAT64;
import static io.adjoint.core.TestCalls.onThreads;
import static io.adjoint.core.TestCalls.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReductionKernelsTest {
    private static final NdArray EMPTY = NdArray.zeros(FLOAT64, Shape.of(2, 0));

    @Test
    void anEmptySumIsZeroAndAnEmptyProductOne() {
        assertThat(EMPTY.sum().item()).isZero();
        assertThat(EMPTY.prod().item()).isEqualTo(1);
        assertThat(EMPTY.sum(1).toDoubleArray()).containsExactly(0, 0);
        assertThat(EMPTY.prod(Dims.KEEP, 1)).isEqualTo(NdArray.full(FLOAT64, Shape.of(2, 1), 1));
        assertThat(EMPTY.sum(0).shape()).isEqualTo(Shape.of(0));
        assertThat(EMPTY.logSumExp(1).toDoubleArray())
                .containsExactly(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    @Test
    void theNanMeanOfASingleNumberIsThatNumber() {
        Random random = new Random(1);
        for (DType dtype : new DType[] {FLOAT32, FLOAT64}) {
            for (int n = 2; n < 200; n++) {
                double[] values = new double[n];
                Arrays.fill(values, Double.NaN);
                values[n / 2] = random.nextDouble();
                NdArray x = NdArray.of(Shape.of(n), values).to(dtype);
                assertThat(x.nanMean().item()).isEqualTo(x.get(n / 2));
            }
        }
        assertThat(NdArray.of(Shape.of(2), Double.MIN_VALUE, Double.NaN)
                        .nanMean()
                        .item())
                .isEqualTo(Double.MIN_VALUE);
        float large = Float.MAX_VALUE;
        assertThat(NdArray.of(Shape.of(3), new float[] {large, large, Float.NaN})
                        .nanMean()
                        .item())
                .isEqualTo(large);
    }

    @Test
    void withoutANanTheNanMeanHasTheBitsOfTheMean() {
        for (DType dtype : new DType[] {FLOAT32, FLOAT64}) {
            double[] values = new Random(2).doubles(7 * 1_500 * 3).toArray();
            NdArray x = NdArray.of(Shape.of(7, 1_500, 3), values).to(dtype);
            for (int[] axes : new int[][] {{}, {0}, {1}, {2}, {0, 2}, {1, 2}}) {
                assertThat(x.nanMean(axes)).isEqualTo(x.mean(axes));
            }
        }
    }

    @Test
    void nothingHasNoLargestElement() {
        refused(() -> EMPTY.argMax(1), "argMax: axis 1 of [2, 0] has no elements");
        assertThat(EMPTY.amax(0).shape()).isEqualTo(Shape.of(0));
        assertThat(EMPTY.argMax(0).shape()).isEqualTo(Shape.of(0));
        assertThatThrownBy(() -> NdArray.zeros(FLOAT64, Shape.of(0, 2, 3)).amax(0, 2))
                .isExactlyInstanceOf(ShapeException.class);
    }

    @Test
    void sixteenMillionFloatsSumWithinOneMillionth() {
        int n = 1 << 24;
        float[] tenths = new float[n];
        Arrays.fill(tenths, 0.1f);
        double exact = n * (double) 0.1f;
        NdArray x = NdArray.wrap(Shape.of(n), tenths);

        assertThat(x.sum().item()).isCloseTo(exact, within(1e-6 * exact));
        assertThat(x.sum().div(NdArray.scalar(FLOAT32, n)).item()).isCloseTo(0.1f, within(1e-7));
        assertThat(x.reshape(n / 4, 4).sum(0).toDoubleArray())
                .containsExactly(new double[] {exact / 4, exact / 4, exact / 4, exact / 4}, within(1e-6 * exact / 4));
    }

    @Test
    void sumsAreTheSameBitsOnAnyNumberOfThreads() {
        Random random = new Random(1);
        NdArray x = NdArray.wrap(
                Shape.of(3, 401, 307), random.doubles(3 * 401 * 307).toArray());
        for (DType dtype : new DType[] {FLOAT64, FLOAT32}) {
            NdArray typed = x.to(dtype);
            for (int[] axes : new int[][] {{}, {0}, {1}, {2}, {0, 2}, {1, 2}}) {
                NdArray one = onThreads(1, () -> typed.sum(axes));
                assertThat(onThreads(2, () -> typed.sum(axes))).isEqualTo(one);
                assertThat(typed.sum(axes)).isEqualTo(one);
            }
        }
    }

    @Test
    void aNaNIsTheExtremeWhereverItStands() {
        for (int at = 0; at < 4; at++) {
            double[] values = {1, 2, 3, 4};
            values[at] = Double.NaN;
            NdArray x = NdArray.of(Shape.of(2, 2), values);
            assertThat(x.amax().item()).isNaN();
            assertThat(x.amin().item()).isNaN();
            assertThat(x.amax(0).sum().item()).isNaN();
        }
    }

    @Test
    void aLargeFloatSumKeepsPartsThatOverflowAFloatButCancel() {
        float[] values = new float[140_000];
        Arrays.fill(values, 0, 70_000, 1e35f);
        Arrays.fill(values, 70_000, 140_000, -1e35f);
        assertThat(NdArray.of(Shape.of(140_000), values).sum().item()).isZero();
    }
}
