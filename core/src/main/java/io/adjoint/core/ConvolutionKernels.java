package io.adjoint.core;

import io.adjoint.core.ProductLoops.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and its two adjoints. Each is a product with the matrix whose columns are the elements under the kernel at each output
 * position, made block by block, so that the whole of it is never in memory. Images are {@code [batch, channels, sizes...]}, weights
 * {@code [out, channels / groups, kernel...]}.
 *
 * <p>Callers have checked that the shapes fit; what is checked here is the element type.
 *
 * @hidden
 */
@Internal
public final class ConvolutionKernels {
    /** Elements of a block of the matrix: it stays in the second-level cache until it is multiplied. */
    private static final int COLUMNS = 1 << 16;

    /** The fewest positions of a block: narrower products are slower. */
    private static final int FEW_POSITIONS = 64;

    /** The most positions of a block whose product is folded back. */
    private static final int MANY_POSITIONS = 512;

    /** The limit of a block's elements, for a kernel so large that those positions would take more. */
    private static final int MOST_COLUMNS = 1 << 22;

    /** Elements of all partial sums of a weight's gradient, of which there are as many as this allows, each of a chunk of images. */
    private static final int PARTIAL = 1 << 18;

    private final Sliding sliding;
    private final int groups;
    private final int batch;
    /** Channels of the input and of the output, of one group. */
    private final int channels;

    private final int outs;
    private final int window;
    private final int positions;
    private final DType dtype;
    private final ProductLoops products;
    private final PatchLoops<Object> patches;
    private final Sliding three;
    private final int plane;

    private ConvolutionKernels(NdArray a, NdArray b, Sliding sliding, int channels, int outs) {
        DTypeException.requireSameFloating(sliding.op, a.dtype, b.dtype);
        this.dtype = a.dtype;
        this.products = dtype.loops(sliding.op).products();
        this.patches = dtype.loops(sliding.op).patches();
        this.three = sliding.overThree();
        this.sliding = sliding;
        this.groups = sliding.groups;
        this.batch = a.shape.dims()[0];
        this.channels = channels / groups;
        this.outs = outs / groups;
        this.window = sliding.elements();
        this.positions = sliding.positions();
        this.plane = three.plane();
        MultiplyAdds.add((long) batch * groups * this.channels * this.outs * window * positions);
    }

    /** The convolution of x, {@code [batch, channels, sizes...]}, with a weight, plus a bias {@code [out]} if there is one. */
    public static NdArray forward(Sliding sliding, NdArray x, NdArray weight, @Nullable NdArray bias) {
        return new ConvolutionKernels(
                        x, weight, sliding, x.shape.dims()[1], weight.shape.dims()[0])
                .forward(x.contiguous(), weight.contiguous(), bias);
    }

    /**
     * The adjoint by x: the transposed convolution of g, {@code [batch, out, output sizes...]}, with a weight, plus a bias
     * {@code [channels]} if there is one.
     */
    public static NdArray toInput(Sliding sliding, NdArray g, NdArray weight, @Nullable NdArray bias) {
        int channels = weight.shape.dims()[1] * sliding.groups;
        return new ConvolutionKernels(g, weight, sliding, channels, weight.shape.dims()[0])
                .toInput(g.contiguous(), weight, bias);
    }

    /** The adjoint by the weight. */
    public static NdArray toWeight(Sliding sliding, NdArray x, NdArray g) {
        return new ConvolutionKernels(x, g, sliding, x.shape.dims()[1], g.shape.dims()[1])
                .toWeight(x.contiguous(), g.contiguous());
    }

    /**
     * The elements under the window at each position: {@code [batch, channels · window, positions]} of {@code [batch, channels,
     * sizes...]}.
     */
    public static NdArray unfold(String op, NdArray x, Sliding sliding) {
        PatchLoops<Object> patches = x.dtype.loops(op).patches();
        Sliding three = sliding.overThree();
        int batch = x.shape.dims()[0];
        int channels = x.shape.dims()[1];
        int positions = sliding.positions();
        Shape shape = Shape.of(op, x.shape, batch, (long) channels * sliding.elements(), positions);
        Object out = x.dtype.storage().allocate(shape.size());
        NdArray dense = x.contiguous();
        int rows = sliding.elements() * positions;
        Parallel.ranges(batch * channels, Parallel.blockOf(rows), (from, to) -> {
            int at = dense.offset + from * three.plane();
            patches.unfold(dense.storage, at, to - from, three, 0, positions, out, from * rows);
        });
        return NdArray.adopt(x.dtype, shape, out);
    }

    /** The adjoint of {@link #unfold}: where windows overlap, elements add up. */
    public static NdArray fold(String op, NdArray columns, Sliding sliding) {
        PatchLoops<Object> patches = columns.dtype.loops(op).patches();
        Sliding three = sliding.overThree();
        int batch = columns.shape.dims()[0];
        int channels = columns.shape.dims()[1] / sliding.elements();
        Shape shape = sliding.inputShape(batch, channels);
        Object out = columns.dtype.storage().allocate(shape.size());
        NdArray dense = columns.contiguous();
        int positions = sliding.positions();
        int rows = sliding.elements() * positions;
        Parallel.ranges(batch * channels, Parallel.blockOf(rows), (from, to) -> {
            int source = dense.offset + from * rows;
            patches.fold(out, from * three.plane(), to - from, three, 0, positions, dense.storage, source);
        });
        return NdArray.adopt(columns.dtype, shape, out);
    }

    // ---- the three products ----

    private NdArray forward(NdArray x, NdArray weight, @Nullable NdArray bias) {
        Shape shape = sliding.outputShape(batch, groups * outs);
        Object out = filled(shape, bias, positions);
        int rows = channels * window;
        int width = width(rows);
        int blocks = (positions + width - 1) / width;
        ranges(shape, batch * groups * blocks, (long) outs * rows * width, (from, to) -> {
            Object columns = buffer(rows * width);
            for (int task = from; task < to; task++) {
                int entry = task / blocks;
                int begin = task % blocks * width;
                int end = Math.min(positions, begin + width);
                Matrix left = rowsOf(weight, entry % groups * outs, outs, rows);
                Matrix right = columns(x, entry * channels, begin, end, columns);
                int at = entry * outs * positions + begin;
                if (end - begin == positions) {
                    products.multiply(left, right, out, at);
                } else {
                    Object part = dtype.storage().allocate(outs * (end - begin));
                    products.multiply(left, right, part, 0);
                    for (int o = 0; o < outs; o++) {
                        dtype.loops(sliding.op)
                                .arithmetic()
                                .accumulate(part, o * (end - begin), out, at + o * positions, end - begin);
                    }
                }
            }
        });
        return NdArray.adopt(dtype, shape, out);
    }

    private NdArray toInput(NdArray g, NdArray weight, @Nullable NdArray bias) {
        Shape shape = sliding.inputShape(batch, groups * channels);
        Object out = filled(shape, bias, plane);
        NdArray transposed =
                weight.reshape(groups, outs, channels * window).transpose().contiguous();
        boolean identity = sliding.isIdentity();
        int width = identity ? positions : Math.min(MANY_POSITIONS, width(window));
        int some = identity ? channels : Math.max(1, Math.min(channels, (int) (COLUMNS / ((long) window * width))));
        int blocks = (channels + some - 1) / Math.max(1, some);
        ranges(shape, batch * groups * blocks, (long) outs * some * window * positions, (from, to) -> {
            Object columns = buffer(some * window * width);
            for (int task = from; task < to; task++) {
                int entry = task / blocks;
                int first = task % blocks * some;
                int count = Math.min(channels - first, some);
                Matrix left = rowsOf(transposed, (entry % groups * channels + first) * window, count * window, outs);
                int at = (entry * channels + first) * plane;
                for (int begin = 0; begin < positions; begin += width) {
                    int n = Math.min(positions - begin, width);
                    Matrix right =
                            new Matrix(g.storage, g.offset + entry * outs * positions + begin, outs, n, positions, 1);
                    if (identity) {
                        products.multiply(left, right, out, at);
                    } else {
                        dtype.storage().fill(columns, 0, count * window * n, 0);
                        products.multiply(left, right, columns, 0);
                        patches.fold(out, at, count, three, begin, begin + n, columns, 0);
                    }
                }
            }
        });
        return NdArray.adopt(dtype, shape, out);
    }

    private NdArray toWeight(NdArray x, NdArray g) {
        Shape shape = sliding.kernelShape(groups * outs, channels);
        int rows = channels * window;
        int width = width(rows);
        int chunk = shape.size() == 0 ? 1 : (int) Math.max(1, ((long) batch * shape.size() + PARTIAL - 1) / PARTIAL);
        int chunks = (batch + chunk - 1) / chunk;
        Shape partial = Shape.of(chunks, shape.size());
        Object sums = dtype.storage().allocate(partial.size());
        ranges(shape, chunks * groups, (long) chunk * outs * rows * positions, (from, to) -> {
            Object columns = buffer(rows * width);
            for (int task = from; task < to; task++) {
                int group = task % groups;
                int image = task / groups * chunk;
                int at = task / groups * shape.size() + group * outs * rows;
                for (int end = Math.min(batch, image + chunk); image < end; image++) {
                    int entry = image * groups + group;
                    for (int begin = 0; begin < positions; begin += width) {
                        int n = Math.min(positions - begin, width);
                        Matrix left = new Matrix(
                                g.storage, g.offset + entry * outs * positions + begin, outs, n, positions, 1);
                        Matrix right = columns(x, entry * channels, begin, begin + n, columns);
                        products.multiply(left, right.transposed(), sums, at);
                    }
                }
            }
        });
        // Each part is summed in one order, and their number follows from the sizes, not from that of the threads.
        return NdArray.adopt(dtype, partial, sums).sum(false, 0).reshape(shape);
    }

    // ---- parts of these ----

    /** The number of positions of a block of the matrix with the given number of rows. */
    private int width(int rows) {
        int most = Math.max(1, rows);
        int width = Math.max(COLUMNS / most, Math.min(FEW_POSITIONS, Math.max(1, MOST_COLUMNS / most)));
        return sliding.isIdentity() ? positions : Math.min(positions, width);
    }

    private static void ranges(Shape result, int tasks, long work, Parallel.Range body) {
        if (result.size() > 0) {
            Parallel.ranges(tasks, (int) Math.max(1, ProductLoops.BLOCK / Math.max(1, work)), body);
        }
    }

    private Object buffer(int elements) {
        return dtype.storage().allocate(sliding.isIdentity() ? 0 : elements);
    }

    /** Zeros, or each channel's bias. */
    private Object filled(Shape shape, @Nullable NdArray bias, int plane) {
        Storage<Object> storage = dtype.storage();
        Object out = storage.allocate(shape.size());
        if (bias != null) {
            DTypeException.requireSame(sliding.op, dtype, bias.dtype);
            double[] values = bias.toDoubleArray();
            for (int k = 0; k < batch * values.length; k++) {
                storage.fill(out, k * plane, plane, values[k % values.length]);
            }
        }
        return out;
    }

    /** Rows of a dense matrix. */
    private static Matrix rowsOf(NdArray dense, int first, int rows, int columns) {
        return new Matrix(dense.storage, dense.offset + first * columns, rows, columns, columns, 1);
    }

    /** The positions {@code [begin, end)} as columns of the group's channels from {@code first} on: in x itself if that has them. */
    private Matrix columns(NdArray x, int first, int begin, int end, Object buffer) {
        int at = x.offset + first * plane;
        int rows = channels * window;
        if (sliding.isIdentity()) {
            return new Matrix(x.storage, at + begin, rows, end - begin, plane, 1);
        }
        patches.unfold(x.storage, at, channels, three, begin, end, buffer, 0);
        return new Matrix(buffer, 0, rows, end - begin, end - begin, 1);
    }
}
