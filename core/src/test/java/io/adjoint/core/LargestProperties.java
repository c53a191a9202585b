package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.loops.Taps;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LargestProperties {
    /**
     * Maxima are computed window by window if a window has more elements than there are windows, else for all windows at a time; the sizes
     * cover both cases.
     */
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
                        x,
                        plane,
                        width,
                        indices(down, k % count / across.positions()),
                        indices(across, k % across.positions()));
                assertThat(largest.index().toDoubleArray()[k]).isEqualTo(expected);
                assertThat(Double.valueOf(largest.values().toDoubleArray()[k]))
                        .isEqualTo(Double.valueOf(x[plane + expected]));
            }
        }
    }

    @Property
    void theGradientsOfWindowsAddUpWhereTheyShareAnElement(
            @ForAll @IntRange(min = 1, max = 9) int height,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll @IntRange(min = 1, max = 3) int kernel,
            @ForAll @IntRange(min = 1, max = 4) int stride,
            @ForAll @IntRange(min = 1, max = 2) int dilation,
            @ForAll boolean isCeil,
            @ForAll boolean isPadded,
            @ForAll long seed) {
        Assume.that(dilation * (kernel - 1) < Math.min(height, width));
        Window window = Window.kernel(kernel).stride(stride).dilation(dilation).padding(isPadded ? kernel / 2 : 0);
        Shape shape = Shape.of(2, height, width);
        Sliding sliding = Sliding.pooling("max", shape, 2, isCeil ? window.ceilMode() : window);
        List<Taps> axes = List.of(sliding.taps(0, Padding.EXCLUDED), sliding.taps(1, Padding.EXCLUDED));
        Random random = new Random(seed);
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            NdArray x =
                    NdArray.of(shape, random.doubles(shape.size()).toArray()).to(dtype);
            ResamplingKernels.Largest largest = ResamplingKernels.largest("max", x, axes);
            NdArray g = NdArray.of(
                            largest.values().shape(),
                            random.doubles(largest.values().size()).toArray())
                    .to(dtype);
            double[] sums = new double[shape.size()];
            int[] index = Arrays.stream(largest.index().toDoubleArray())
                    .mapToInt(k -> (int) k)
                    .toArray();
            for (int k = 0; k < index.length; k++) {
                sums[k / (index.length / 2) * height * width + index[k]] += g.toDoubleArray()[k];
            }

            assertThat(ResamplingKernels.spread("max", g, largest, shape))
                    .isEqualTo(NdArray.of(shape, sums).to(dtype));
            if (dilation == 1) {
                boolean areApart = axes.stream().allMatch(taps -> taps.positions() == 1 || stride >= kernel);
                assertThat(largest.areApart()).isEqualTo(areApart);
            }
        }
    }

    private static int[] indices(Taps taps, int position) {
        return IntStream.range(0, taps.count[position])
                .map(k -> taps.first[position] + k * taps.dilation)
                .toArray();
    }

    /** The row-major index in a plane of the first NaN of a window or, if it has no NaN, of the first of its largest elements. */
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
