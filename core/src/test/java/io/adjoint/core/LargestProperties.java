package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LargestProperties {
    /** With fewer windows than a window has elements, and with more, they are taken in different orders. */
    @Property
    void eachWindowsPositionIsThatOfItsFirstNaNOrElseOfItsFirstLargestElement(
            @ForAll @IntRange(min = 1, max = 12) int height,
            @ForAll @IntRange(min = 1, max = 12) int width,
            @ForAll @IntRange(min = 1, max = 12) int rows,
            @ForAll @IntRange(min = 1, max = 12) int columns,
            @ForAll long seed) {
        Random random = new Random(seed);
        double[] x = random.ints(2L * height * width, -2, 4)
                .mapToDouble(k -> k == 3 ? Double.NaN : k)
                .toArray();
        Taps down = Taps.adaptive(height, Math.min(rows, height));
        Taps across = Taps.adaptive(width, Math.min(columns, width));
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            ResamplingKernels.Largest largest = ResamplingKernels.largest(
                    "largest", NdArray.of(Shape.of(2, height, width), x).to(dtype), List.of(down, across));
            int count = down.positions() * across.positions();
            for (int k = 0; k < 2 * count; k++) {
                int plane = k / count * height * width;
                int expected = first(
                        x, plane, width, down.at[k % count / across.positions()], across.at[k % across.positions()]);
                assertThat(largest.index().toDoubleArray()[k]).isEqualTo(expected);
                assertThat(Double.valueOf(largest.values().toDoubleArray()[k]))
                        .isEqualTo(Double.valueOf(x[plane + expected]));
            }
        }
    }

    @Property
    void windowsThatAreApartShareNoIndexAndAdjacentWindowsAreApart(
            @ForAll @IntRange(min = 1, max = 5) int kernel,
            @ForAll @IntRange(min = 1, max = 5) int stride,
            @ForAll @IntRange(min = 1, max = 3) int dilation,
            @ForAll @IntRange(min = 1, max = 4) int positions) {
        int[][] at = new int[positions][kernel];
        Arrays.setAll(
                at,
                p -> IntStream.range(0, kernel)
                        .map(k -> p * stride + k * dilation)
                        .toArray());
        Taps taps = new Taps(positions * stride + kernel * dilation, at, new double[positions][kernel]);

        if (taps.areApart()) {
            assertThat(Arrays.stream(at).flatMapToInt(Arrays::stream).toArray()).doesNotHaveDuplicates();
        }
        if (dilation == 1) {
            assertThat(taps.areApart()).isEqualTo(positions == 1 || stride >= kernel);
        }
    }

    /** In row-major order. */
    private static int first(double[] x, int plane, int width, int[] rows, int[] columns) {
        int best = rows[0] * width + columns[0];
        for (int row : rows) {
            for (int column : columns) {
                double v = x[plane + row * width + column];
                double top = x[plane + best];
                if (v > top || (Double.isNaN(v) && !Double.isNaN(top))) {
                    best = row * width + column;
                }
            }
        }
        return best;
    }
}
