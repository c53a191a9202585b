package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.loops.Taps;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Tests taps as matrices, which have a row for each element of the output axis and a column for each element of the input axis. */
class TapsProperties {
    private static double[][] matrix(Taps taps) {
        double[][] rows = new double[taps.positions()][taps.size];
        for (int p = 0; p < rows.length; p++) {
            for (int k = 0; k < taps.count[p]; k++) {
                rows[p][taps.first[p] + k * taps.dilation] = taps.weights[taps.weightAt[p] + k * taps.weightStride];
            }
        }
        return rows;
    }

    private static void requireAdjoint(Taps taps) {
        double[][] rows = matrix(taps);
        double[][] columns = new double[taps.size][taps.positions()];
        for (int p = 0; p < rows.length; p++) {
            for (int index = 0; index < taps.size; index++) {
                columns[index][p] = rows[p][index];
            }
        }
        assertThat(matrix(taps.transposed())).isDeepEqualTo(columns);
        assertThat(matrix(taps.transposed().transposed())).isDeepEqualTo(rows);
    }

    @Property
    void aWindowHasEachIndexThatItsElementsMeetAndSoHasItsAdjoint(
            @ForAll @IntRange(min = 1, max = 14) int size,
            @ForAll @IntRange(min = 1, max = 6) int kernel,
            @ForAll @IntRange(min = 1, max = 5) int stride,
            @ForAll @IntRange(min = 1, max = 4) int dilation,
            @ForAll @IntRange(min = 0, max = 6) int padding,
            @ForAll boolean isCeil,
            @ForAll Padding part) {
        Assume.that(dilation * (kernel - 1) < size + 2 * padding);
        Window window = Window.kernel(kernel).stride(stride).dilation(dilation).padding(padding);
        Sliding sliding = Sliding.pooling("pool", Shape.of(size), 1, isCeil ? window.ceilMode() : window);
        Taps taps = sliding.taps(0, part);

        double[][] expected = new double[taps.positions()][size];
        for (int p = 0; p < expected.length; p++) {
            int start = p * stride - padding;
            int counted = 0;
            for (int k = 0; k < kernel; k++) {
                int index = start + k * dilation;
                counted += index < size + padding && (part == Padding.COUNTED || (index >= 0 && index < size)) ? 1 : 0;
            }
            for (int k = 0; k < kernel; k++) {
                int index = start + k * dilation;
                if (index >= 0 && index < size) {
                    expected[p][index] = 1.0 / counted;
                }
            }
        }
        assertThat(matrix(taps)).isDeepEqualTo(expected);
        requireAdjoint(taps);
    }

    @Property
    void partsOfAnAxisHaveTheirAdjoint(
            @ForAll @IntRange(min = 1, max = 12) int size, @ForAll @IntRange(min = 1, max = 20) int positions) {
        Taps taps = Taps.adaptive(size, positions);
        for (double[] row : matrix(taps)) {
            assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-15));
        }
        requireAdjoint(taps);
    }

    @Property
    void pointsBetweenNeighboursHaveTheirAdjoint(
            @ForAll @IntRange(min = 1, max = 9) int size,
            @ForAll @IntRange(min = 1, max = 20) int positions,
            @ForAll @DoubleRange(min = 0, max = 1) double begin,
            @ForAll @DoubleRange(min = 0, max = 3) double distance) {
        int[] index = new int[positions];
        double[] next = new double[positions];
        double[][] expected = new double[positions][size];
        for (int p = 0; p < positions; p++) {
            double x = Math.min(size - 1.0, begin + p * distance);
            index[p] = (int) x;
            next[p] = x - index[p];
            expected[p][index[p]] = 1 - next[p];
            if (next[p] > 0) {
                expected[p][index[p] + 1] = next[p];
            }
        }
        Taps taps = Taps.between(size, index, next);

        assertThat(matrix(taps)).isDeepEqualTo(expected);
        requireAdjoint(taps);
    }
}
