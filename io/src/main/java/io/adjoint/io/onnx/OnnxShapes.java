package io.adjoint.io.onnx;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import io.adjoint.nn.layer.Fold;
import io.adjoint.nn.layer.Unfold;
import io.adjoint.nn.layer.Upsample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The export rules of layers that fold or resample, and the nodes of padding. */
final class OnnxShapes {
    /**
     * The index for Gather that stands for a pixel of the padding: −1 is the index of a channel's last element, and {@link #picked} first
     * appends a 0 to each channel.
     */
    private static final int PADDING = -1;

    private OnnxShapes() {}

    static void addTo(OnnxRules rules) {
        rules.layer(Unfold.class, OnnxShapes::unfolded)
                .layer(Fold.class, OnnxShapes::folded)
                .layer(Upsample.class, OnnxShapes::upsampled);
    }

    static OnnxValue slice(OnnxGraph g, OnnxValue x, int axis, int from, int to) {
        return g.op("Slice").to(x.with(axis, to - from), x, g.integers(from), g.integers(to), g.integers(axis));
    }

    // ---- padding ----

    /** Pads by pairs of sizes, before and after an axis; the first pair is for the last axis. */
    static OnnxValue padded(OnnxGraph g, OnnxValue x, PadMode mode, int... lastAxesFirst) {
        int[] before = new int[x.rank()];
        int[] after = new int[x.rank()];
        for (int k = 0; k < lastAxesFirst.length / 2; k++) {
            before[x.rank() - 1 - k] = lastAxesFirst[2 * k];
            after[x.rank() - 1 - k] = lastAxesFirst[2 * k + 1];
        }
        return switch (mode) {
            case ZEROS -> padded(g, x, "constant", before, after);
            case REFLECT -> padded(g, x, "reflect", before, after);
            case REPLICATE -> padded(g, x, "edge", before, after);
            case CIRCULAR -> wrapped(g, x, before, after);
        };
    }

    private static OnnxValue padded(OnnxGraph g, OnnxValue x, String mode, int[] before, int[] after) {
        return g.op("Pad")
                .text("mode", mode)
                .to(paddedDims(x, before, after), x, g.integers(OnnxWeighted.both(before, after)));
    }

    /** Pads the last axes with a number; {@code before} and {@code after} have a size for each of these axes. */
    static OnnxValue padded(OnnxGraph g, OnnxValue x, double number, int[] before, int[] after) {
        int[] front = lastOf(x, before);
        int[] back = lastOf(x, after);
        return g.op("Pad")
                .to(paddedDims(x, front, back), x, g.integers(OnnxWeighted.both(front, back)), g.constant(number));
    }

    private static int[] lastOf(OnnxValue x, int... numbers) {
        return OnnxWeighted.both(new int[x.rank() - numbers.length], numbers);
    }

    private static int[] paddedDims(OnnxValue x, int[] before, int[] after) {
        int[] dims = x.dims();
        for (int axis = 1; axis < dims.length; axis++) {
            dims[axis] += before[axis] + after[axis];
        }
        return dims;
    }

    /** Adds circular padding: the end of each axis is prepended to the axis, and its beginning is appended. */
    private static OnnxValue wrapped(OnnxGraph g, OnnxValue x, int[] before, int[] after) {
        OnnxValue value = x;
        for (int axis = 1; axis < x.rank(); axis++) {
            int size = x.dim(axis);
            List<OnnxValue> parts = new ArrayList<>();
            if (before[axis] > 0) {
                parts.add(slice(g, value, axis, size - before[axis], size));
            }
            parts.add(
                    before[axis] < 0 || after[axis] < 0
                            ? slice(g, value, axis, Math.max(0, -before[axis]), size + Math.min(0, after[axis]))
                            : value);
            if (after[axis] > 0) {
                parts.add(slice(g, value, axis, 0, after[axis]));
            }
            value = parts.size() == 1
                    ? parts.get(0)
                    : g.op("Concat")
                            .integer("axis", axis)
                            .to(value.with(axis, size + before[axis] + after[axis]), parts.toArray(new OnnxValue[0]));
        }
        return value;
    }

    // ---- Unfold and Fold, for which operator set 17 has no operators ----

    private static OnnxValue unfolded(OnnxGraph g, Unfold layer, OnnxValue x) {
        g.requireRank(3, x);
        int[] dims = g.dims(x);
        int[] pixels = pixels(layer.window(), Arrays.copyOfRange(x.dims(), 2, x.rank()));
        return g.reshape(picked(g, x, x.dim(1), pixels), dims);
    }

    /**
     * Computes each pixel of the output as the sum of the windows' elements at this pixel. The addends of all pixels are one tensor with an
     * axis of the addends, so a pixel that lies in fewer windows than another pixel gets zeros as further addends.
     */
    private static OnnxValue folded(OnnxGraph g, Fold layer, OnnxValue x) {
        g.requireRank(3, x);
        int[] dims = g.dims(x);
        int[] pixels = pixels(layer.window(), layer.sizes());
        List<List<Integer>> elements = new ArrayList<>();
        int plane = Arrays.stream(layer.sizes()).reduce(1, (a, b) -> a * b);
        IntStream.range(0, plane).forEach(pixel -> elements.add(new ArrayList<>()));
        for (int element = 0; element < pixels.length; element++) {
            if (pixels[element] != PADDING) {
                elements.get(pixels[element]).add(element);
            }
        }
        int most = elements.stream().mapToInt(List::size).max().orElse(0);
        int[] indices = IntStream.range(0, plane * most)
                .map(k -> {
                    List<Integer> own = elements.get(Math.floorDiv(k, most));
                    return k % most < own.size() ? own.get(k % most) : PADDING;
                })
                .toArray();
        OnnxValue addends = g.reshape(picked(g, x, dims[1], indices), OnnxValue.BATCH, dims[1], plane, most);
        OnnxValue sums = g.op("ReduceSum")
                .integer("keepdims", 0)
                .to(new int[] {OnnxValue.BATCH, dims[1], plane}, addends, g.integers(3));
        return g.reshape(sums, dims);
    }

    /**
     * The index of the pixel under each element of a window at each position of the window in the image, {@link #PADDING} for elements
     * outside of the image; the array has all positions for the window's first element, then for its second element, and so on.
     */
    private static int[] pixels(Window window, int... sizes) {
        int[] image = OnnxWeighted.both(new int[] {1, 1}, sizes);
        Shape shape = Shape.of(image);
        Tensor numbers = Tensor.of(NdArray.generate(DType.FLOAT64, shape, k -> k + 1));
        return numbers.unfold(window).sub(1).data().toIntArray();
    }

    /**
     * Gathers the elements of each channel at the indices; returns {@code [N, channels, indices]}, with 0 for the index {@link #PADDING}.
     */
    private static OnnxValue picked(OnnxGraph g, OnnxValue x, int channels, int... indices) {
        int size = Arrays.stream(x.dims()).skip(1).reduce(1, Math::multiplyExact) / channels;
        OnnxValue rows = g.reshape(x, OnnxValue.BATCH, channels, size);
        OnnxValue padded = padded(g, rows, 0, new int[] {0}, new int[] {1});
        return g.op("Gather").integer("axis", 2).to(rows.with(2, indices.length), padded, g.integers(indices));
    }

    // ---- resampling ----

    private static OnnxValue upsampled(OnnxGraph g, Upsample layer, OnnxValue x) {
        g.requireRank(3, x);
        int[] dims = g.dims(x);
        double[] factors = new double[dims.length];
        Arrays.setAll(factors, axis -> axis < 2 ? 1 : factor(layer.factors(), axis - 2, dims[axis], x.dim(axis)));
        Interpolation mode = layer.mode();
        if (mode == Interpolation.NEAREST) {
            boolean areWhole = Arrays.stream(factors).allMatch(factor -> factor == Math.rint(factor));
            return areWhole
                    ? resized(g, "asymmetric", x, scales(g, factors, x, dims), null, dims)
                    : nearest(g, layer, x, dims);
        }
        if (mode == Interpolation.LINEAR && layer.factors().length > 0) {
            return resized(g, "half_pixel", x, scales(g, factors, x, dims), null, dims);
        }
        OnnxValue kept = g.op("Shape").integer("start", 0).integer("end", 2).to(new int[] {2}, x);
        OnnxValue sizes = g.op("Concat")
                .integer("axis", 0)
                .to(new int[] {dims.length}, kept, g.integers(Arrays.copyOfRange(dims, 2, dims.length)));
        String coordinates = mode == Interpolation.LINEAR ? "half_pixel" : "align_corners";
        return resized(g, coordinates, x, null, sizes, dims);
    }

    private static double factor(double[] factors, int axis, double fresh, double old) {
        return factors.length == 0 ? fresh / old : factors[factors.length == 1 ? 0 : axis];
    }

    private static OnnxValue resized(
            OnnxGraph g,
            String coordinates,
            OnnxValue x,
            @Nullable OnnxValue scales,
            @Nullable OnnxValue sizes,
            int... dims) {
        OnnxNode node = g.op("Resize").text("coordinate_transformation_mode", coordinates);
        // Only nearest resampling by integer factors has asymmetric coordinates; nearest resampling by other factors is
        // exported with Gather, by the method nearest.
        return coordinates.equals("asymmetric")
                ? node.text("mode", "nearest").text("nearest_mode", "floor").to(dims, x, null, scales)
                : node.text("mode", "linear").to(dims, x, null, scales, sizes);
    }

    /** The resampling factors as floats, rounded up where needed so that their products with the old sizes are not below the new sizes. */
    private static OnnxValue scales(OnnxGraph g, double[] factors, OnnxValue x, int... dims) {
        return g.constant("scales", NdArray.generate(DType.FLOAT32, Shape.of(dims.length), axis -> {
            float scale = (float) factors[axis];
            while (axis > 1 && scale * x.dim(axis) < dims[axis]) {
                scale = Math.nextUp(scale);
            }
            return scale;
        }));
    }

    /** Nearest resampling by Gather with exact indices, since a runtime's float positions may round to a neighbouring element. */
    private static OnnxValue nearest(OnnxGraph g, Upsample layer, OnnxValue x, int... dims) {
        OnnxValue value = x;
        for (int axis = 2; axis < dims.length; axis++) {
            double size = x.dim(axis);
            boolean bySize = layer.factors().length == 0;
            double old = bySize ? size : 1;
            double fresh = bySize ? dims[axis] : factor(layer.factors(), axis - 2, dims[axis], size);
            int[] indices = IntStream.range(0, dims[axis])
                    .map(position -> (int) Math.min(size - 1, Math.floor(position * old / fresh)))
                    .toArray();
            value = g.op("Gather").integer("axis", axis).to(value.with(axis, dims[axis]), value, g.integers(indices));
        }
        return value;
    }
}
