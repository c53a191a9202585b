package io.adjoint.io.onnx;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Sliding;
import io.adjoint.nn.layer.AdaptiveAvgPool1d;
import io.adjoint.nn.layer.AdaptiveAvgPool2d;
import io.adjoint.nn.layer.AdaptiveAvgPool3d;
import io.adjoint.nn.layer.AdaptiveMaxPool1d;
import io.adjoint.nn.layer.AdaptiveMaxPool2d;
import io.adjoint.nn.layer.AdaptiveMaxPool3d;
import io.adjoint.nn.layer.AdaptivePooling;
import io.adjoint.nn.layer.AvgPool1d;
import io.adjoint.nn.layer.AvgPool2d;
import io.adjoint.nn.layer.AvgPool3d;
import io.adjoint.nn.layer.LpPool1d;
import io.adjoint.nn.layer.LpPool2d;
import io.adjoint.nn.layer.LpPool3d;
import io.adjoint.nn.layer.Pooling;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The export rules of pooling: by sliding windows, adaptive, and global. */
final class OnnxPooling {
    /** The largest exponent for LpPool. With a larger exponent, the powers of all floats that aren't near 1 are 0 or infinity. */
    private static final int LARGEST_POWER = 1000;

    private OnnxPooling() {}

    static void addTo(OnnxRules rules) {
        rules.layer(Pooling.class, (g, layer, x) -> slid(g, layer, x, OnnxPooling::max))
                .layer(AvgPool1d.class, OnnxPooling::averages)
                .layer(AvgPool2d.class, OnnxPooling::averages)
                .layer(AvgPool3d.class, OnnxPooling::averages)
                .layer(LpPool1d.class, (g, layer, x) -> norms(g, layer, layer.p(), x))
                .layer(LpPool2d.class, (g, layer, x) -> norms(g, layer, layer.p(), x))
                .layer(LpPool3d.class, (g, layer, x) -> norms(g, layer, layer.p(), x))
                .layer(AdaptiveAvgPool1d.class, OnnxPooling::adaptiveAverage)
                .layer(AdaptiveAvgPool2d.class, OnnxPooling::adaptiveAverage)
                .layer(AdaptiveAvgPool3d.class, OnnxPooling::adaptiveAverage)
                .layer(AdaptiveMaxPool1d.class, OnnxPooling::adaptiveMax)
                .layer(AdaptiveMaxPool2d.class, OnnxPooling::adaptiveMax)
                .layer(AdaptiveMaxPool3d.class, OnnxPooling::adaptiveMax);
    }

    // ---- windows ----

    /** Adds the nodes that pool {@code [N, C, sizes...]} by the windows of a layer. */
    @FunctionalInterface
    private interface Pool {
        OnnxValue of(OnnxGraph g, Pooling layer, Sliding sliding, int[] dims, OnnxValue x);
    }

    private static OnnxValue slid(OnnxGraph g, Pooling layer, OnnxValue x, Pool pool) {
        int[] dims = g.dims(x);
        Sliding sliding = Sliding.pooling("pooling", OnnxWeighted.shape(x), layer.axes(), layer.window());
        return images(g, x, layer.axes(), dims, image -> pool.of(g, layer, sliding, last(dims, layer.axes()), image));
    }

    private static OnnxValue averages(OnnxGraph g, Pooling layer, OnnxValue x) {
        return slid(g, layer, x, OnnxPooling::average);
    }

    private static OnnxValue norms(OnnxGraph g, Pooling layer, double p, OnnxValue x) {
        return slid(g, layer, x, (graph, same, sliding, sizes, image) -> norm(graph, same, p, sliding, sizes, image));
    }

    private static int[] last(int[] dims, int axes) {
        return Arrays.copyOfRange(dims, dims.length - axes, dims.length);
    }

    /**
     * Applies a pooling function, which takes images {@code [N, C, sizes...]}, to an input with any number of leading axes. If the number
     * is not two, all leading axes are merged into N, with C = 1, before the function is applied, and its result is reshaped to
     * {@code dims}.
     *
     * @param axes the number of pooled axes, which are the last ones
     * @param dims the sizes of the result
     */
    private static OnnxValue images(OnnxGraph g, OnnxValue x, int axes, int[] dims, UnaryOperator<OnnxValue> function) {
        if (x.rank() == axes + 2) {
            return function.apply(x);
        }
        int[] image = OnnxWeighted.both(new int[] {OnnxValue.BATCH, 1}, last(x.dims(), axes));
        return g.reshape(function.apply(g.reshape(x, image)), dims);
    }

    private static int[] image(OnnxValue x, int... sizes) {
        return OnnxWeighted.both(new int[] {x.dim(0), x.dim(1)}, sizes);
    }

    /**
     * The number of padded elements that the windows need at the end of each axis; it is less than the padding if the windows don't reach
     * the end of the padding.
     */
    private static int[] behind(Sliding sliding, int[] sizes, OnnxValue x) {
        return IntStream.range(0, sizes.length)
                .map(axis -> (sizes[axis] - 1) * sliding.stride()[axis]
                        + (sliding.kernel()[axis] - 1) * sliding.dilation()[axis]
                        + 1
                        - sliding.padding()[axis]
                        - x.dim(2 + axis))
                .map(count -> Math.max(0, count))
                .toArray();
    }

    private static OnnxNode op(OnnxGraph g, String type, Sliding sliding) {
        return g.op(type).integers("kernel_shape", sliding.kernel()).integers("strides", sliding.stride());
    }

    private static OnnxValue max(OnnxGraph g, Pooling layer, Sliding sliding, int[] sizes, OnnxValue x) {
        int[] before = sliding.padding();
        int[] behind = behind(sliding, sizes, x);
        boolean fits = IntStream.range(0, before.length)
                .allMatch(axis -> Math.max(before[axis], behind[axis]) < sliding.kernel()[axis]);
        // A dilated window can need padding that isn't smaller than the kernel. Runtimes refuse such padding, so the
        // input is padded by a separate node.
        OnnxValue input = fits ? x : OnnxShapes.padded(g, x, Double.NEGATIVE_INFINITY, before, behind);
        return op(g, "MaxPool", sliding)
                .integers("dilations", sliding.dilation())
                .integers("pads", fits ? OnnxWeighted.both(before, behind) : new int[2 * before.length])
                .to(image(x, sizes), input);
    }

    /**
     * Adds average pooling: the sum of a window's elements inside of the image, divided by the window's divisor. If the sum is computed as
     * a mean times the number of these elements, the number divided by the divisor is one constant factor.
     */
    private static OnnxValue average(OnnxGraph g, Pooling layer, Sliding sliding, int[] sizes, OnnxValue x) {
        int[] pads = OnnxWeighted.both(sliding.padding(), behind(sliding, sizes, x));
        NdArray parts = parts(layer, x);
        if (Arrays.stream(sliding.dilation()).anyMatch(distance -> distance > 1)) {
            // In operator set 17 average pooling has no dilations, but convolution has. So a depthwise convolution with
            // a kernel of ones computes the sums of the windows.
            NdArray ones = NdArray.full(DType.FLOAT32, sliding.kernelShape(x.dim(1), 1), 1);
            OnnxValue sums = op(g, "Conv", sliding)
                    .integers("dilations", sliding.dilation())
                    .integers("pads", pads)
                    .integer("group", x.dim(1))
                    .to(image(x, sizes), x, g.constant("ones", ones));
            return g.op("Mul").of(sums, g.constant("parts", parts.div(inside(sliding, parts.shape(), x))));
        }
        OnnxValue means = op(g, "AveragePool", sliding)
                .integers("pads", pads)
                .integer("count_include_pad", 0)
                .to(image(x, sizes), x);
        boolean whole = Arrays.stream(parts.toDoubleArray()).allMatch(part -> part == 1);
        return whole ? means : g.op("Mul").of(means, g.constant("parts", parts));
    }

    /**
     * Adds Lp pooling, the p-th root of the sum of the p-th powers of a window's elements. ONNX's operator {@code LpPool} takes powers of
     * the elements' absolute values, and the layer takes powers of the elements themselves, so the operator is used only for even p,
     * without dilations, and if the windows don't reach beyond the padding. Otherwise the nodes are a power, average pooling and a root.
     */
    private static OnnxValue norm(OnnxGraph g, Pooling layer, double p, Sliding sliding, int[] sizes, OnnxValue x) {
        int[] behind = behind(sliding, sizes, x);
        boolean fits = IntStream.range(0, behind.length)
                .allMatch(axis -> sliding.dilation()[axis] == 1 && behind[axis] <= sliding.padding()[axis]);
        if (fits && p % 2 == 0 && p <= LARGEST_POWER) {
            return op(g, "LpPool", sliding)
                    .integer("p", (int) p)
                    .integers("pads", OnnxWeighted.both(sliding.padding(), behind))
                    .to(image(x, sizes), x);
        }
        Pooling means = switch (layer.axes()) {
            case 1 -> new AvgPool1d(layer.window());
            case 2 -> new AvgPool2d(layer.window());
            default -> new AvgPool3d(layer.window());
        };
        OnnxValue powers = p == 1 ? x : g.op("Pow").of(x, g.constant(p));
        OnnxValue sums = g.op("Mul").of(average(g, means, sliding, sizes, powers), g.constant(sliding.elements()));
        return p == 1 ? sums : g.op("Pow").of(sums, g.constant(1 / p));
    }

    /** The number of elements in each window that lie inside of the image. */
    private static NdArray inside(Sliding sliding, Shape shape, OnnxValue x) {
        return NdArray.generate(DType.FLOAT64, shape, k -> {
            int[] at = shape.unravelIndex(k);
            long all = 1;
            for (int axis = 0; axis < sliding.axes(); axis++) {
                int size = x.dim(2 + axis);
                int from = at[2 + axis] * sliding.stride()[axis] - sliding.padding()[axis];
                int step = sliding.dilation()[axis];
                all *= IntStream.range(0, sliding.kernel()[axis])
                        .map(element -> from + element * step)
                        .filter(position -> position >= 0 && position < size)
                        .count();
            }
            return all;
        });
    }

    /** The layer's output for ones: for each window the number of its elements inside of the image, divided by the window's divisor. */
    private static NdArray parts(Pooling layer, OnnxValue x) {
        Tensor ones = Tensor.ones(DType.FLOAT64, OnnxWeighted.both(new int[] {1, 1}, last(x.dims(), layer.axes())));
        return Autograd.noGrad(() -> layer.forward(ones)).data();
    }

    // ---- adaptive ----

    private static OnnxValue adaptiveAverage(OnnxGraph g, AdaptivePooling layer, OnnxValue x) {
        return adaptive(g, layer, x, "AveragePool", (axis, size, value) -> {
            int old = value.dim(axis);
            // A matrix {@code [old, size]} with a column for each output, in which the averaged elements have equal
            // weights that add up to 1.
            NdArray weights = NdArray.generate(DType.FLOAT64, Shape.of(old, size), k -> {
                int part = k % size;
                int element = Math.floorDiv(k, size);
                int from = from(part, old, size);
                int to = to(part, old, size);
                return element >= from && element < to ? 1.0 / (to - from) : 0;
            });
            int[] swapped = IntStream.range(0, value.rank()).toArray();
            swapped[axis] = value.rank() - 1;
            swapped[value.rank() - 1] = axis;
            OnnxValue last = g.transpose(value, swapped);
            OnnxValue pooled = g.op("MatMul").to(last.with(-1, size), last, g.constant("parts", weights));
            return g.transpose(pooled, swapped);
        });
    }

    private static OnnxValue adaptiveMax(OnnxGraph g, AdaptivePooling layer, OnnxValue x) {
        return adaptive(g, layer, x, "MaxPool", (axis, size, value) -> {
            OnnxValue[] parts = new OnnxValue[size];
            for (int part = 0; part < size; part++) {
                int from = from(part, value.dim(axis), size);
                int to = to(part, value.dim(axis), size);
                OnnxValue slice = OnnxShapes.slice(g, value, axis, from, to);
                parts[part] = g.op("ReduceMax").integers("axes", axis).to(slice.with(axis, 1), slice);
            }
            return g.op("Concat").integer("axis", axis).to(value.with(axis, size), parts);
        });
    }

    private static int from(int part, int old, int size) {
        return (int) ((long) part * old / size);
    }

    private static int to(int part, int old, int size) {
        return (int) (((part + 1L) * old + size - 1) / size);
    }

    /** Adds the nodes that pool one axis, so that it has a given size. */
    @FunctionalInterface
    private interface AxisPool {
        OnnxValue of(int axis, int size, OnnxValue value);
    }

    /** Adds adaptive pooling: by equal windows if every input size is a multiple of its output size, otherwise axis by axis. */
    private static OnnxValue adaptive(OnnxGraph g, AdaptivePooling layer, OnnxValue x, String windows, AxisPool pool) {
        int axes = layer.axes();
        int[] dims = g.dims(x);
        int[] sizes = last(dims, axes);
        int[] old = last(x.dims(), axes);
        int[] kernel =
                IntStream.range(0, axes).map(axis -> old[axis] / sizes[axis]).toArray();
        if (IntStream.range(0, axes).allMatch(axis -> kernel[axis] * sizes[axis] == old[axis])) {
            return images(
                    g,
                    x,
                    axes,
                    dims,
                    image -> g.op(windows)
                            .integers("kernel_shape", kernel)
                            .integers("strides", kernel)
                            .to(image(image, sizes), image));
        }
        OnnxValue value = x;
        for (int axis = 0; axis < axes; axis++) {
            if (old[axis] != sizes[axis]) {
                value = pool.of(x.rank() - axes + axis, sizes[axis], value);
            }
        }
        return value;
    }
}
