package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ConvOptions;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Computes the operators of convolution, pooling and resampling. */
final class OnnxWindowEvaluator {
    private OnnxWindowEvaluator() {}

    static void addTo(Map<String, OnnxEvaluator.Operator> all) {
        all.put("Conv", c -> List.of(convolution(c)));
        all.put("ConvTranspose", c -> List.of(transposed(c)));
        all.put("MaxPool", c -> List.of(maxPool(c)));
        all.put("AveragePool", c -> List.of(averagePool(c)));
        all.put("LpPool", c -> List.of(lpPool(c)));
        all.put("GlobalMaxPool", c -> List.of(c.x().amax(Dims.KEEP, images(c))));
        all.put("GlobalAveragePool", c -> List.of(c.x().mean(Dims.KEEP, images(c))));
        all.put("Resize", c -> List.of(resized(c)));
    }

    private static int[] images(OnnxCall c) {
        return IntStream.range(2, c.x().shape().rank()).toArray();
    }

    private static int[] same(int count, int value) {
        int[] numbers = new int[count];
        Arrays.fill(numbers, value);
        return numbers;
    }

    /** Pads images by the attribute {@code pads}. */
    private static Tensor padded(OnnxCall c, Tensor x, double value) {
        int axes = x.shape().rank() - 2;
        int[] pads = c.attributes().integersOr("pads", new int[2 * axes]);
        return x.padConstant(value, OnnxEvaluator.pairs(axes, pads));
    }

    private static int[] strides(OnnxCall c, int axes) {
        return c.attributes().integersOr("strides", same(axes, 1));
    }

    private static int[] dilations(OnnxCall c, int axes) {
        return c.attributes().integersOr("dilations", same(axes, 1));
    }

    // ---- convolutions ----

    private static ConvOptions options(OnnxCall c, int axes) {
        int[] weight = c.in(1).shape().toArray();
        int[] kernel = Arrays.copyOfRange(weight, 2, weight.length);
        int[] said = c.attributes().integersOr("kernel_shape", kernel);
        if (!Arrays.equals(said, kernel)) {
            throw new IllegalArgumentException("its kernel_shape is " + Arrays.toString(said) + ", but its weight "
                    + c.in(1).shape());
        }
        return new ConvOptions()
                .stride(strides(c, axes))
                .dilation(dilations(c, axes))
                .groups(c.attributes().integerOr("group", 1));
    }

    private static Tensor convolution(OnnxCall c) {
        int axes = c.x().shape().rank() - 2;
        Tensor x = padded(c, c.x(), 0);
        Tensor weight = c.in(1);
        ConvOptions options = options(c, axes);
        Tensor product = switch (axes) {
            case 1 -> x.conv1d(weight, options);
            case 2 -> x.conv2d(weight, options);
            case 3 -> x.conv3d(weight, options);
            default -> throw new IllegalArgumentException("images have 1 to 3 axes here, got " + axes);
        };
        return biased(product, c.optional(2));
    }

    private static Tensor biased(Tensor images, @Nullable Tensor bias) {
        if (bias == null) {
            return images;
        }
        int[] dims = same(images.shape().rank(), 1);
        dims[1] = images.shape().dim(1);
        return images.add(bias.reshape(dims));
    }

    private static Tensor transposed(OnnxCall c) {
        int axes = c.x().shape().rank() - 2;
        Tensor weight = c.in(1);
        ConvOptions options = options(c, axes);
        Tensor whole = switch (axes) {
            case 1 -> c.x().convTranspose1d(weight, options);
            case 2 -> c.x().convTranspose2d(weight, options);
            case 3 -> c.x().convTranspose3d(weight, options);
            default -> throw new IllegalArgumentException("images have 1 to 3 axes here, got " + axes);
        };
        int[] pads = c.attributes().integersOr("pads", new int[2 * axes]);
        int[] extra = c.attributes().integersOr("output_padding", new int[axes]);
        int[] cut = new int[2 * axes];
        for (int axis = 0; axis < axes; axis++) {
            cut[axis] = -pads[axis];
            cut[axes + axis] = extra[axis] - pads[axes + axis];
        }
        return biased(whole.padConstant(0, OnnxEvaluator.pairs(axes, cut)), c.optional(2));
    }

    // ---- pooling ----

    private static Tensor maxPool(OnnxCall c) {
        int axes = c.x().shape().rank() - 2;
        Window window = Window.kernel(c.attributes().integersOr("kernel_shape"))
                .stride(strides(c, axes))
                .dilation(dilations(c, axes));
        Tensor x = padded(c, c.x(), Double.NEGATIVE_INFINITY);
        return switch (axes) {
            case 1 -> x.maxPool1d(window);
            case 2 -> x.maxPool2d(window);
            case 3 -> x.maxPool3d(window);
            default -> throw new IllegalArgumentException("images have 1 to 3 axes here, got " + axes);
        };
    }

    private static Tensor averagePool(OnnxCall c) {
        int axes = c.x().shape().rank() - 2;
        Window window = Window.kernel(c.attributes().integersOr("kernel_shape")).stride(strides(c, axes));
        Tensor means = averages(padded(c, c.x(), 0), window);
        // If padding isn't counted, each mean is divided by the fraction of its window's elements that are in the
        // image.
        return c.attributes().integerOr("count_include_pad", 0) == 1
                ? means
                : means.div(averages(padded(c, Tensor.onesLike(c.x()), 0), window));
    }

    private static Tensor lpPool(OnnxCall c) {
        int[] kernel = c.attributes().integersOr("kernel_shape");
        Window window = Window.kernel(kernel).stride(strides(c, kernel.length));
        int p = c.attributes().integerOr("p", 2);
        return averages(padded(c, c.x(), 0).abs().pow(p), window)
                .mul(window.elements(kernel.length))
                .pow(1.0 / p);
    }

    private static Tensor averages(Tensor x, Window window) {
        return switch (x.shape().rank()) {
            case 3 -> x.avgPool1d(window);
            case 4 -> x.avgPool2d(window);
            default -> x.avgPool3d(window);
        };
    }

    // ---- resampling ----

    /**
     * Maps a position along an axis of resampled images to the position along this axis in the input; {@code old} is the size of the axis
     * in the input, {@code fresh} in the resampled images, and their ratio fresh/old is about {@code scale}.
     */
    @FunctionalInterface
    private interface Coordinate {
        double of(int position, double scale, int old, int fresh);
    }

    private static final Map<String, Coordinate> COORDINATES = Map.of(
            "half_pixel", (position, scale, old, fresh) -> (position + 0.5) / scale - 0.5,
            "pytorch_half_pixel", (position, scale, old, fresh) -> fresh > 1 ? (position + 0.5) / scale - 0.5 : 0,
            "asymmetric", (position, scale, old, fresh) -> position / scale,
            "align_corners",
                    (position, scale, old, fresh) -> fresh == 1 ? 0 : (double) position * (old - 1) / (fresh - 1));

    private static Tensor resized(OnnxCall c) {
        String name = c.attributes().textOr("coordinate_transformation_mode", "half_pixel");
        String mode = c.attributes().textOr("mode", "nearest");
        String rounding = c.attributes().textOr("nearest_mode", "round_prefer_floor");
        Coordinate coordinate = COORDINATES.get(name);
        boolean isLinear = mode.equals("linear");
        if (coordinate == null || !(isLinear || (mode.equals("nearest") && rounding.equals("floor")))) {
            throw new IllegalArgumentException("of the modes linear, and nearest with floor, are computed here, by "
                    + COORDINATES.keySet() + "; got " + mode + ", " + rounding + ", " + name);
        }
        Tensor x = c.x();
        for (int axis = 0; axis < c.x().shape().rank(); axis++) {
            int old = x.shape().dim(axis);
            double scale = c.has(2) ? c.in(2).data().get(axis) : c.integers(3)[axis] / (double) old;
            // The new size is computed in floats, as runtimes compute it.
            int fresh = c.has(2) ? (int) Math.floor((float) old * (float) scale) : c.integers(3)[axis];
            if (old != fresh) {
                double[] positions = IntStream.range(0, fresh)
                        .mapToDouble(k -> coordinate.of(k, scale, old, fresh))
                        .toArray();
                x = resampled(x, axis, isLinear, positions);
            }
        }
        return x;
    }

    private static Tensor resampled(Tensor x, int axis, boolean isLinear, double... positions) {
        int old = x.shape().dim(axis);
        NdArray weights = NdArray.generate(x.dtype(), Shape.of(old, positions.length), k -> {
            double at = Math.max(0, Math.min(old - 1, positions[k % positions.length]));
            int element = Math.floorDiv(k, positions.length);
            return isLinear ? Math.max(0, 1 - Math.abs(at - element)) : element == Math.floor((float) at) ? 1 : 0;
        });
        int last = x.shape().rank() - 1;
        return x.moveAxis(axis, last).matmul(Tensor.of(weights)).moveAxis(last, axis);
    }
}
