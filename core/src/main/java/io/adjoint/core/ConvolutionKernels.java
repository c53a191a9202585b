package io.adjoint.core;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and its two adjoints. Each is a product with the matrix whose columns are the elements under the kernel at each output
 * position, of which at most a block is ever in memory: {@link Lattice}. Images are {@code [batch, channels, sizes...]}, weights
 * {@code [out, channels / groups, kernel...]}.
 *
 * <p>Each element is one sum, over channels and elements of the window in row-major order, or over positions; its terms don't depend on
 * the other images, and it is the same bits on any number of threads. Padding takes part in it as zeros, in the adjoint by the input
 * those around the upstream gradient: a weight that is infinite or NaN gives NaN there.
 *
 * <p>Callers have checked that the shapes fit; what is checked here is the element type.
 *
 * @hidden
 */
@Internal
public final class ConvolutionKernels {
    /** Elements of a block of the matrix, or of the results: they stay in the second-level cache. */
    private static final int COLUMNS = 1 << 17;

    /** The fewest positions of a block: narrower products are slower. */
    private static final int FEW_POSITIONS = 64;

    /** Positions of a block are a multiple of this, which fills the vectors. */
    private static final int EVEN = 32;

    /** With fewer images, each is shared by threads. */
    private static final int FEW_IMAGES = 8;

    /** Elements of all partial sums of a weight's gradient, of which there are as many as this allows, each of a chunk of images. */
    private static final int PARTIAL = 1 << 18;

    private final Sliding sliding;
    private final int groups;
    private final int batch;
    /** Channels of the input and of the output, of one group. */
    private final int channels;

    private final int outs;
    private final int window;
    private final DType dtype;
    private final Storage<Object> storage;
    private final ConvolutionLoops<Object> loops;

    private ConvolutionKernels(NdArray a, NdArray b, Sliding sliding, int channels, int outs) {
        DTypeException.requireSameFloating(sliding.op, a.dtype, b.dtype);
        this.dtype = a.dtype;
        this.storage = dtype.storage();
        this.sliding = sliding;
        this.groups = sliding.groups;
        this.batch = a.shape.dims()[0];
        this.channels = channels / groups;
        this.outs = outs / groups;
        this.window = sliding.elements();
        long work = (long) batch * groups * this.channels * this.outs * window * sliding.positions();
        this.loops = dtype.loops(sliding.op).convolutions().of(work);
        MultiplyAdds.add(work);
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
                .toInput(g.contiguous(), weight.contiguous(), bias);
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
        x.dtype.requireFloating(op);
        Lattice lattice = Lattice.ofConvolution(sliding);
        Storage<Object> storage = x.dtype.storage();
        int planes = x.shape.dims()[0] * x.shape.dims()[1];
        int rows = sliding.elements();
        int positions = sliding.positions();
        Shape shape = Shape.of(op, x.shape, x.shape.dims()[0], (long) x.shape.dims()[1] * rows, positions);
        Object out = storage.allocate(shape.size());
        NdArray dense = x.contiguous();
        Parallel.ranges(planes, Parallel.blockOf(rows * positions), (from, to) -> {
            Object image = storage.allocate(lattice.plane());
            for (int plane = from; plane < to; plane++) {
                int first = plane * rows * positions;
                lattice.copy(storage, dense.storage, dense.offset + plane * sliding.plane(), 1, image);
                lattice.lines((at, p, n, row) -> storage.copy(image, at, 1, out, first + row * positions + p, 1, n));
            }
        });
        return NdArray.adopt(x.dtype, shape, out);
    }

    /** The adjoint of {@link #unfold}: where windows overlap, elements add up. */
    public static NdArray fold(String op, NdArray columns, Sliding sliding) {
        ConvolutionLoops<Object> loops = columns.dtype.loops(op).convolutions();
        Lattice lattice = Lattice.ofConvolution(sliding);
        Storage<Object> storage = columns.dtype.storage();
        int batch = columns.shape.dims()[0];
        int channels = columns.shape.dims()[1] / sliding.elements();
        Shape shape = sliding.inputShape(batch, channels);
        Object out = storage.allocate(shape.size());
        NdArray dense = columns.contiguous();
        int rows = sliding.elements();
        int positions = sliding.positions();
        Parallel.ranges(batch * channels, Parallel.blockOf(rows * positions), (from, to) -> {
            Object image = storage.allocate(lattice.plane());
            for (int plane = from; plane < to; plane++) {
                int first = dense.offset + plane * rows * positions;
                storage.fill(image, 0, lattice.plane(), 0);
                lattice.lines(
                        (at, p, n, row) -> loops.add(dense.storage, first + row * positions + p, image, at, 1, n));
                lattice.copyBack(storage, image, out, plane * sliding.plane());
            }
        });
        return NdArray.adopt(columns.dtype, shape, out);
    }

    // ---- the three products ----

    private NdArray forward(NdArray x, NdArray weight, @Nullable NdArray bias) {
        Lattice lattice = Lattice.ofConvolution(sliding);
        int rows = channels * window;
        Object packed = loops.packed(weight.storage, weight.offset, groups, outs, rows);
        return sums(lattice, x, channels, List.of(packed), outs, sliding.outputShape(batch, groups * outs), bias);
    }

    private NdArray toInput(NdArray g, NdArray weight, @Nullable NdArray bias) {
        Lattice lattice = Lattice.ofAdjoint(sliding);
        List<Object> weights =
                lattice.parts.stream().map(part -> toInput(part.taps, weight)).toList();
        return sums(lattice, g, outs, weights, channels, sliding.inputShape(batch, groups * channels), bias);
    }

    /** The weights of some elements of the window, with input and output exchanged. */
    private Object toInput(int[] taps, NdArray weight) {
        int n = taps.length;
        Object exchanged = storage.allocate(groups * channels * outs * n);
        for (int row = 0; row < groups * channels; row++) {
            for (int k = 0; k < n; k++) {
                int from = (row / channels * outs * channels + row % channels) * window + taps[k];
                storage.copy(
                        weight.storage,
                        weight.offset + from,
                        channels * window,
                        exchanged,
                        row * outs * n + k,
                        n,
                        outs);
            }
        }
        return loops.packed(exchanged, 0, groups, channels, outs * n);
    }

    /**
     * The sums over each part of a lattice.
     *
     * @param from the channels of a group of the source
     * @param weights for each part, packed
     * @param to the channels of a group of the result
     */
    private NdArray sums(
            Lattice lattice,
            NdArray source,
            int from,
            List<Object> weights,
            int to,
            Shape shape,
            @Nullable NdArray bias) {
        int target = batch * groups * to == 0 ? 0 : shape.size() / (batch * groups * to);
        Object out = filled(shape, bias, target);
        int entries = batch * groups;
        int shares = entries < FEW_IMAGES ? Math.max(1, Math.min(FEW_IMAGES, target / FEW_POSITIONS / EVEN)) : 1;
        long work = (long) from * window * to * sliding.positions() / shares;
        ranges(shape, entries * shares, work, (first, end) -> {
            Image image = new Image(lattice, source, from);
            Block sums = new Block();
            for (int task = first; task < end; task++) {
                int entry = task / shares;
                for (int k = 0; k < weights.size(); k++) {
                    Lattice.Part part = lattice.parts.get(k);
                    int[] offsets = image.offsets(part);
                    int n = part.width();
                    int width = width(n, Math.max(to, offsets.length));
                    int blocks = (n + width - 1) / width;
                    int last = (task % shares + 1) * blocks / shares;
                    for (int b = task % shares * blocks / shares; b < last; b++) {
                        int begin = b * width;
                        int count = Math.min(n - begin, width);
                        int at = image.show(entry) + begin;
                        Object packed = weights.get(k);
                        int group = entry % groups;
                        int result = entry * to * target;
                        // A bias is added to the finished sum: products add to what is there in an order of their own.
                        if (part.isDense() && count == n && bias == null) {
                            loops.multiply(packed, group, to, image.elements, at, offsets, n, out, result);
                            continue;
                        }
                        Object block = sums.zeros(to * count);
                        loops.multiply(packed, group, to, image.elements, at, offsets, count, block, 0);
                        part.lines(begin, begin + count, (position, element, step, length) -> {
                            for (int row = 0; row < to; row++) {
                                int e = result + row * target + element;
                                loops.add(block, row * count + position, out, e, step, length);
                            }
                        });
                    }
                }
            }
        });
        return NdArray.adopt(dtype, shape, out);
    }

    /** Zeros for sums of products, in an array that is used again. */
    private final class Block {
        private Object elements = storage.allocate(0);
        private int length;

        Object zeros(int n) {
            if (n > length) {
                elements = storage.allocate(n);
                length = n;
            } else {
                storage.fill(elements, 0, n, 0);
            }
            return elements;
        }
    }

    /** The channels of one group of one image after the other, as a lattice has them: the source as it lies, or a copy. */
    private final class Image {
        final Object elements;
        private final Lattice lattice;
        private final NdArray source;
        private final int channels;
        private final int size;
        private int shown = -1;

        Image(Lattice lattice, NdArray source, int channels) {
            this.lattice = lattice;
            this.source = source;
            this.channels = channels;
            this.size = source.size() / (batch * groups);
            this.elements = lattice.isSource() ? source.storage : storage.allocate(channels * lattice.plane());
        }

        /** The offsets of the window's elements in all channels. */
        int[] offsets(Lattice.Part part) {
            int plane = lattice.plane();
            int n = part.offsets.length;
            int[] offsets = new int[channels * n];
            Arrays.setAll(offsets, k -> k / n * plane + part.offsets[k % n]);
            return offsets;
        }

        /** Brings an entry of the batch, and returns where it begins. */
        int show(int entry) {
            int at = source.offset + entry * size;
            if (lattice.isSource()) {
                return at;
            }
            if (entry != shown) {
                lattice.copy(storage, source.storage, at, channels, elements);
                shown = entry;
            }
            return 0;
        }
    }

    private NdArray toWeight(NdArray x, NdArray g) {
        Lattice lattice = Lattice.ofConvolution(sliding);
        Lattice.Part part = lattice.parts.get(0);
        int[] positions = part.positions();
        Shape shape = sliding.kernelShape(groups * outs, channels);
        int rows = channels * window;
        int width = Math.min(ProductLoops.DEPTH, width(positions.length, rows));
        int chunk = shape.size() == 0 ? 1 : (int) Math.max(1, ((long) batch * shape.size() + PARTIAL - 1) / PARTIAL);
        int chunks = (batch + chunk - 1) / chunk;
        Shape partial = Shape.of(chunks, shape.size());
        Object sums = storage.allocate(partial.size());
        ranges(shape, chunks * groups, (long) chunk * outs * rows * positions.length, (from, to) -> {
            Image image = new Image(lattice, x, channels);
            int[] offsets = image.offsets(part);
            for (int task = from; task < to; task++) {
                int group = task % groups;
                int first = task / groups * chunk;
                int result = task / groups * shape.size() + group * outs * rows;
                for (int k = first; k < Math.min(batch, first + chunk); k++) {
                    int entry = k * groups + group;
                    int at = image.show(entry);
                    for (int begin = 0; begin < positions.length; begin += width) {
                        loops.multiplyPositions(
                                g.storage,
                                g.offset + entry * outs * positions.length + begin,
                                positions.length,
                                outs,
                                image.elements,
                                at,
                                offsets,
                                positions,
                                part.length(),
                                begin,
                                Math.min(positions.length - begin, width),
                                sums,
                                result);
                    }
                }
            }
        });
        // Each part is summed in one order, and their number follows from the sizes, not from that of the threads.
        return NdArray.adopt(dtype, partial, sums).sum(false, 0).reshape(shape);
    }

    // ---- parts of these ----

    /** The number of positions of the blocks of n, for a matrix with the given number of rows. */
    private static int width(int n, int rows) {
        int most = Math.max(FEW_POSITIONS, COLUMNS / Math.max(1, rows));
        int blocks = (n + most - 1) / most;
        int width = (n + blocks - 1) / blocks;
        return (width + EVEN - 1) / EVEN * EVEN;
    }

    private static void ranges(Shape result, int tasks, long work, Parallel.Range body) {
        if (result.size() > 0 && tasks > 0) {
            Parallel.ranges(tasks, (int) Math.max(1, ProductLoops.BLOCK / Math.max(1, work)), body);
        }
    }

    /** Zeros, or each channel's bias. */
    private Object filled(Shape shape, @Nullable NdArray bias, int plane) {
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
}
