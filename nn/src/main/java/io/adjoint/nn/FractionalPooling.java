package io.adjoint.nn;

import static io.adjoint.nn.FunctionalChecks.requireOneType;
import static io.adjoint.nn.FunctionalChecks.requireShape;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;

/**
 * Fractional max pooling, whose windows begin at random positions of almost equal distances. The output gathers the elements at the
 * positions of the windows' maxima, which are constants for the gradient.
 */
final class FractionalPooling {
    private static final String NAME = "fractionalMaxPool2d";

    private FractionalPooling() {}

    /**
     * The shape {@code [N, C, 2]} or {@code [C, 2]} of the random numbers for pooling x: two for each channel of an image, the first for
     * the windows' positions along the width, the second along the height.
     */
    static Shape samples(Tensor x) {
        Shape shape = x.shape();
        if (shape.rank() != 3 && shape.rank() != 4) {
            throw new ShapeException(NAME + ": expected input [N, C, H, W] or [C, H, W], got " + shape);
        }
        int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() - 1);
        dims[dims.length - 1] = 2;
        return Shape.of(NAME, dims);
    }

    static Tensor maximum(Tensor x, Shape kernel, Shape sizes, Tensor samples) {
        requireShape(NAME, "samples", samples, samples(x), "two for each plane of " + x.shape());
        requireOneType(NAME, x, samples);
        Shape shape = x.shape();
        for (int axis = 0; axis < 2; axis++) {
            requireFits(shape, kernel, sizes, axis);
        }
        double[] random = samples.data().toDoubleArray();
        for (double sample : random) {
            Settings.require(sample >= 0 && sample < 1, NAME, "samples", "be from 0 to below 1", sample);
        }
        int planes = random.length / 2;
        int h = shape.dim(-2);
        int w = shape.dim(-1);
        int positions = Shape.of(NAME, sizes.toArray()).size();
        double[] pixels = x.data().toDoubleArray();
        int[] largest = new int[Shape.of(NAME, planes, positions).size()];
        for (int plane = 0; plane < planes; plane++) {
            int[] rows = starts(random[2 * plane + 1], h, sizes.dim(0), kernel.dim(0));
            int[] columns = starts(random[2 * plane], w, sizes.dim(1), kernel.dim(1));
            for (int position = 0; position < positions; position++) {
                int first = rows[position / columns.length] * w + columns[position % columns.length];
                largest[plane * positions + position] = largest(pixels, plane * h * w, first, w, kernel);
            }
        }
        int[] result = shape.toArray();
        System.arraycopy(sizes.toArray(), 0, result, result.length - 2, 2);
        NdArray index = NdArray.of(Shape.of(planes, positions), largest);
        return x.reshape(planes, h * w).gather(1, Tensor.of(index)).reshape(result);
    }

    private static void requireFits(Shape shape, Shape kernel, Shape sizes, int axis) {
        int size = shape.dim(axis - 2);
        if (kernel.rank() != 2
                || sizes.rank() != 2
                || kernel.dim(axis) < 1
                || sizes.dim(axis) < 1
                || (long) kernel.dim(axis) + sizes.dim(axis) - 1 > size) {
            throw new ShapeException(NAME
                    + ": expected a kernel and output sizes of two axes, both at least 1, whose sum is at most"
                    + " the input's size + 1; got the kernel " + kernel + " and the sizes " + sizes + " for " + shape);
        }
    }

    /**
     * The start of each window along an axis. The first window begins at 0, and the last window ends at the end of the axis; the random
     * number {@code sample}, below 1, determines which distances between neighbouring windows are rounded up and which are rounded down.
     */
    private static int[] starts(double sample, int size, int count, int kernel) {
        int[] starts = new int[count];
        double distance = (double) (size - kernel) / (count - 1);
        Arrays.setAll(
                starts,
                k -> k == count - 1 ? size - kernel : (int) ((k + sample) * distance) - (int) (sample * distance));
        return starts;
    }

    /**
     * The index, among the H × W pixels of a channel, of the first maximum of the window that begins at the index {@code first}; NaN counts
     * as larger than any number.
     */
    private static int largest(double[] pixels, int plane, int first, int width, Shape kernel) {
        int best = first;
        for (int i = 0; i < kernel.dim(0); i++) {
            for (int j = 0; j < kernel.dim(1); j++) {
                int at = first + i * width + j;
                double value = pixels[plane + at];
                double sofar = pixels[plane + best];
                if (value > sofar || (Double.isNaN(value) && !Double.isNaN(sofar))) {
                    best = at;
                }
            }
        }
        return best;
    }
}
