package io.adjoint.core;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.ConvolutionLoops;
import io.adjoint.core.loops.MultiplyAdds;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Convolution, and its adjoints with respect to the input and the weight. Each of these three operations is a matrix product with the
 * im2col matrix, which has a column for each position of the kernel: the elements under the kernel at this position. At most a block of
 * this matrix is in memory at a time; see {@link Lattice}. Images are {@code [batch, channels, sizes...]}, weights {@code [out, channels /
 * groups, kernel...]}.
 *
 * <p>Each element of the weight's gradient is a sum over images and positions; each element of a convolution, or of the adjoint with
 * respect to the input, is a sum over channels and elements of the window in row-major order, and doesn't depend on the other images of the
 * batch. The bits of a sum don't depend on the number of threads. Padding contributes zeros as factors (in the adjoint with respect to the
 * input, zeros around the upstream gradient), so a weight that is infinite or NaN gives NaN where it is multiplied with padding.
 *
 * <p>Callers have checked the shapes; the kernels check the element types only.
 *
 * @hidden
 */
@Internal
// Long because a convolution and its two adjoints share images, blocks and helpers.
public final class ConvolutionKernels {
    /**
     * The largest number of elements of a block of the im2col matrix, and of the block of results computed from it, so that each stays in
     * the second-level cache; only {@link #FEW_POSITIONS} may make a block larger.
     */
    private static final int COLUMNS = 1 << 17;

    /** The number of columns that an im2col block may have for any number of elements: products with fewer columns are slower. */
    private static final int FEW_POSITIONS = 64;

    /** The number of columns of each im2col block but the last is a multiple of this number, so that rows fill whole SIMD vectors. */
    private static final int EVEN = 32;

    /**
     * The largest number of elements of an {@linkplain Lattice#unrolled unrolled} image with all its channels. Unrolling avoids the invalid
     * positions between two lines, at which products would be computed in vain. A larger image has long lines and few invalid positions, so
     * unrolling it would gain little.
     */
    private static final int UNROLLED = 1 << 20;

    /** The number of pairs (image, group of channels) below which several threads share the work on each pair. */
    private static final int FEW_IMAGES = 8;

    /** The approximate number of elements that the partial sums of a weight's gradient (one for each chunk of images) have together. */
    private static final int PARTIAL = 1 << 18;

    private final Sliding sliding;
    private final int groups;
    private final int batch;
    /** The number of input channels of one group ({@code channels}), and of its output channels ({@code outs}). */
    private final int channels;

    private final int outs;
    private final int window;
    private final DType dtype;
    private final Storage<Object> storage;
    private final ConvolutionLoops<Object> loops;
    private final ArithmeticLoops<Object> arithmetic;

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
        this.arithmetic = dtype.loops(sliding.op).arithmetic();
        MultiplyAdds.add(work);
    }

    /** The convolution of x, {@code [batch, channels, sizes...]}, with a weight, plus a bias {@code [out]} unless it is null. */
    public static NdArray forward(Sliding sliding, NdArray x, NdArray weight, @Nullable NdArray bias) {
        return new ConvolutionKernels(
                        x, weight, sliding, x.shape.dims()[1], weight.shape.dims()[0])
                .forward(x.contiguous(), weight.contiguous(), bias == null ? null : bias.contiguous());
    }

    /**
     * The adjoint with respect to x: the transposed convolution of g, {@code [batch, out, output sizes...]}, with a weight, plus a bias
     * {@code [channels]} unless it is null.
     */
    public static NdArray toInput(Sliding sliding, NdArray g, NdArray weight, @Nullable NdArray bias) {
        int channels = weight.shape.dims()[1] * sliding.groups;
        return new ConvolutionKernels(g, weight, sliding, channels, weight.shape.dims()[0])
                .toInput(g.contiguous(), weight.contiguous(), bias == null ? null : bias.contiguous());
    }

    /** The adjoint with respect to the weight: the weight's gradient, from the input x and the upstream gradient g. */
    public static NdArray toWeight(Sliding sliding, NdArray x, NdArray g) {
        return new ConvolutionKernels(x, g, sliding, x.shape.dims()[1], g.shape.dims()[1])
                .toWeight(x.contiguous(), g.contiguous());
    }

    /** The elements under the window at each position: {@code [batch, channels, sizes...] → [batch, channels · window, positions]}. */
    public static NdArray unfold(String op, NdArray x, Sliding sliding) {
        ConvolutionLoops<Object> loops = x.dtype.loops(op).convolutions();
        Lattice lattice = Lattice.ofConvolution(sliding);
        Storage<Object> storage = x.dtype.storage();
        int planes = x.shape.dims()[0] * x.shape.dims()[1];
        int rows = sliding.elements();
        int positions = sliding.positions();
        Shape shape = Shape.of(op, x.shape, x.shape.dims()[0], (long) x.shape.dims()[1] * rows, positions);
        Object out = ArrayElements.empty(x.dtype, shape.size());
        ArrayElements dense = ArrayElements.of(x);
        ScratchPool<Object> images = new ScratchPool<>(() -> storage.allocate(lattice.plane()));
        Parallel.ranges(planes, Parallel.blockOf(rows * positions), (from, to) -> {
            // No copy writes to the padding of an image, so the padding keeps the zeros of the allocation.
            Object image = images.take();
            for (int plane = from; plane < to; plane++) {
                int first = plane * rows * positions;
                lattice.copy(loops, dense.array(), dense.offset() + plane * sliding.plane(), 1, image);
                lattice.lines((at, p, n, row) -> storage.copy(image, at, 1, out, first + row * positions + p, 1, n));
            }
            images.giveBack(image);
        });
        return NdArray.adopt(x.dtype, shape, out);
    }

    /** The adjoint of {@link #unfold}; elements of overlapping windows are summed. */
    public static NdArray fold(String op, NdArray columns, Sliding sliding) {
        ConvolutionLoops<Object> loops = columns.dtype.loops(op).convolutions();
        Lattice lattice = Lattice.ofConvolution(sliding);
        Storage<Object> storage = columns.dtype.storage();
        int batch = columns.shape.dims()[0];
        int channels = columns.shape.dims()[1] / sliding.elements();
        Shape shape = sliding.inputShape(batch, channels);
        Object out = ArrayElements.zeros(columns.dtype, shape.size());
        ArrayElements dense = ArrayElements.of(columns);
        int rows = sliding.elements();
        int positions = sliding.positions();
        ScratchPool<Object> images = new ScratchPool<>(() -> storage.allocate(lattice.plane()));
        Parallel.ranges(batch * channels, Parallel.blockOf(rows * positions), (from, to) -> {
            Object image = images.take();
            for (int plane = from; plane < to; plane++) {
                int first = dense.offset() + plane * rows * positions;
                storage.fill(image, 0, lattice.plane(), 0);
                lattice.lines(
                        (at, p, n, row) -> loops.add(dense.array(), first + row * positions + p, image, at, 1, n));
                lattice.copyBack(loops, image, out, plane * sliding.plane());
            }
            images.giveBack(image);
        });
        return NdArray.adopt(columns.dtype, shape, out);
    }

    // ---- convolution, and its adjoints with respect to input and weight ----

    private NdArray forward(NdArray x, NdArray weight, @Nullable NdArray bias) {
        Lattice lattice = Lattice.ofConvolution(sliding).fitting(outs, UNROLLED / Math.max(1, channels));
        int rows = channels * window;
        Object packed = loops.packed(weight.elements(), weight.offset, groups, outs, rows);
        return sums(lattice, x, channels, List.of(packed), outs, sliding.outputShape(batch, groups * outs), bias);
    }

    private NdArray toInput(NdArray g, NdArray weight, @Nullable NdArray bias) {
        Lattice lattice = Lattice.ofAdjoint(sliding);
        List<Object> weights = lattice.residueClasses.stream()
                .map(residueClass -> toInput(residueClass.taps, weight))
                .toList();
        return sums(lattice, g, outs, weights, channels, sliding.inputShape(batch, groups * channels), bias);
    }

    /**
     * Exchanges the input and output channels of the weights at the given elements of the window ({@code taps}), and packs the result by
     * {@link ConvolutionLoops#packed}.
     */
    private Object toInput(int[] taps, NdArray weight) {
        int n = taps.length;
        Object exchanged = storage.allocate(groups * channels * outs * n);
        for (int row = 0; row < groups * channels; row++) {
            for (int k = 0; k < n; k++) {
                int from = (row / channels * outs * channels + row % channels) * window + taps[k];
                storage.copy(
                        weight.elements(),
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
     * Computes the result of a convolution, or of its adjoint with respect to the input. Each {@link Lattice.ResidueClass} of the lattice
     * yields some of the elements of the result; elements that belong to no residue class are set to the bias, or to 0 without a bias.
     *
     * @param from the number of channels in a group of the source
     * @param weights the packed weights, one array for each residue class
     * @param to the number of channels in a group of the result
     */
    private NdArray sums(
            Lattice lattice,
            NdArray source,
            int from,
            List<Object> weights,
            int to,
            Shape shape,
            @Nullable NdArray bias) {
        if (bias != null) {
            DTypeException.requireSame(sliding.op, dtype, bias.dtype);
        }
        int target = batch * groups * to == 0 ? 0 : shape.size() / (batch * groups * to);
        Object out = bias == null || lattice.isComplete()
                ? ArrayElements.zeros(dtype, shape.size())
                : filled(shape, bias, target);
        int entries = batch * groups;
        int shares = entries < FEW_IMAGES ? Math.max(1, Math.min(FEW_IMAGES, target / FEW_POSITIONS / EVEN)) : 1;
        long work = (long) from * window * to * sliding.positions() / shares;
        ranges(shape, entries * shares, work, () -> new Image(lattice, source, from), (image, task) -> {
            int entry = task / shares;
            int group = entry % groups;
            int result = entry * to * target;
            for (int k = 0; k < weights.size(); k++) {
                Lattice.ResidueClass residueClass = lattice.residueClasses.get(k);
                int[] offsets = image.offsets.get(k);
                int n = residueClass.width();
                int width = width(n, Math.max(to, offsets.length));
                int blocks = (n + width - 1) / width;
                int last = (task % shares + 1) * blocks / shares;
                for (int b = task % shares * blocks / shares; b < last; b++) {
                    int begin = b * width;
                    int count = Math.min(n - begin, width);
                    int at = image.show(entry) + begin;
                    boolean isResult = residueClass.isDense() && count == n;
                    Object block = isResult ? out : image.zeros(to * count);
                    int first = isResult ? result : 0;
                    loops.multiply(weights.get(k), group, to, image.elements, at, offsets, count, block, first);
                    if (bias != null) {
                        add(bias, group * to, to, block, first, count);
                    }
                    if (!isResult) {
                        residueClass.lines(
                                begin,
                                begin + count,
                                (position, element, stride, length) -> loops.copy(
                                        block, position, count, 1, out, result + element, target, stride, to, length));
                    }
                }
            }
        });
        return NdArray.adopt(dtype, shape, out);
    }

    /**
     * Adds to each row of n finished sums the bias of the row's channel. The bias is added last, and is not the initial value of the sums,
     * so that the sums of the products have the same bits as without a bias.
     */
    private void add(NdArray bias, int first, int rows, Object sums, int at, int n) {
        for (int row = 0; row < rows; row++) {
            int begin = at + row * n;
            arithmetic.apply(
                    BinaryOp.ADD, sums, begin, 1, bias.elements(), bias.offset + first + row, 0, sums, begin, n);
        }
    }

    /**
     * Holds the channels of one entry of the batch (one group of one image) at a time in the layout that the lattice describes: a copy, or
     * the source itself if the source has this layout. The image also holds an array for the sums of products.
     */
    private final class Image {
        final Object elements;
        /** For each {@link Lattice.ResidueClass}, the offsets in {@link #elements} of the window's elements in all channels. */
        final List<int[]> offsets;

        private final Lattice lattice;
        private final NdArray source;
        private final int channels;
        private final int size;
        private int shown = -1;
        private Object sums = storage.allocate(0);
        private int length;

        Image(Lattice lattice, NdArray source, int channels) {
            this.lattice = lattice;
            this.source = source;
            this.channels = channels;
            this.size = source.size() / (batch * groups);
            int plane = lattice.plane();
            // SIMD loops read whole vectors, at the last positions beyond the end of the image, so the array is longer.
            this.elements = lattice.isSource() ? source.elements() : storage.allocate(channels * plane + EVEN);
            this.offsets = lattice.residueClasses.stream()
                    .map(residueClass -> {
                        int n = residueClass.offsets.length;
                        int[] all = new int[channels * n];
                        Arrays.setAll(all, k -> k / n * plane + residueClass.offsets[k % n]);
                        return all;
                    })
                    .toList();
        }

        /** An array of zeros for n sums of products. */
        Object zeros(int n) {
            if (n > length) {
                sums = storage.allocate(n);
                length = n;
            } else {
                storage.fill(sums, 0, n, 0);
            }
            return sums;
        }

        /** Copies an entry of the batch to {@link #elements}, if necessary, and returns the index of its first element in this array. */
        int show(int entry) {
            int at = source.offset + entry * size;
            if (lattice.isSource()) {
                return at;
            }
            if (entry != shown) {
                lattice.copy(loops, source.elements(), at, channels, elements);
                shown = entry;
            }
            return 0;
        }
    }

    private NdArray toWeight(NdArray x, NdArray g) {
        Lattice lattice = Lattice.ofConvolution(sliding).unrolled(UNROLLED / Math.max(1, channels));
        Lattice.ResidueClass residueClass = lattice.residueClasses.get(0);
        int positions = residueClass.positions();
        int run = residueClass.length();
        Shape shape = sliding.kernelShape(groups * outs, channels);
        int rows = channels * window;
        int width = width(run, Math.max(rows, COLUMNS / ProductLoops.DEPTH));
        int chunk = (int) Math.max(1, (long) batch * shape.size() / PARTIAL);
        int chunks = (batch + chunk - 1) / chunk;
        Shape partial = Shape.of(chunks, shape.size());
        Object sums = ArrayElements.zeros(dtype, partial.size());
        long work = (long) chunk * outs * rows * positions;
        ranges(shape, chunks * groups, work, () -> new Image(lattice, x, channels), (image, task) -> {
            int group = task % groups;
            int first = task / groups * chunk;
            int result = task / groups * shape.size() + group * outs * rows;
            for (int k = first; k < Math.min(batch, first + chunk); k++) {
                int entry = k * groups + group;
                int at = image.show(entry);
                for (int begin = 0, count; begin < positions; begin += count) {
                    count = Math.min(width, run - begin % run);
                    loops.multiplyPositions(
                            g.elements(),
                            g.offset + entry * outs * positions + begin,
                            positions,
                            outs,
                            image.elements,
                            at + residueClass.at(begin),
                            image.offsets.get(0),
                            count,
                            sums,
                            result);
                }
            }
        });
        // The bits don't depend on the number of threads: the terms of each partial sum have a fixed order, and the
        // number of partial sums follows from the sizes of batch and weight.
        NdArray sum = NdArray.adopt(dtype, partial, sums).sum(0);
        return sum.reshape(groups, rows, outs).transpose(1, 2).reshape(shape);
    }

    // ---- helpers ----

    /** The number of positions in each block but the last, if n positions are divided into im2col blocks with this number of rows. */
    private static int width(int n, int rows) {
        int most = Math.max(FEW_POSITIONS, COLUMNS / Math.max(1, rows));
        int blocks = (n + most - 1) / most;
        int width = (n + blocks - 1) / blocks;
        return (width + EVEN - 1) / EVEN * EVEN;
    }

    /** Runs the body for each task, in parallel; no two threads use the same {@link Image} at one time. */
    private static void ranges(Shape result, int tasks, long work, Supplier<Image> image, ObjIntConsumer<Image> body) {
        if (result.size() > 0) {
            ScratchPool<Image> images = new ScratchPool<>(image);
            Parallel.ranges(tasks, ProductLoops.blockOf(work), (from, to) -> {
                Image own = images.take();
                for (int task = from; task < to; task++) {
                    body.accept(own, task);
                }
                images.giveBack(own);
            });
        }
    }

    /** An array of the given shape in which every element is the bias of its channel. */
    private Object filled(Shape shape, NdArray bias, int plane) {
        Object out = ArrayElements.empty(dtype, shape.size());
        for (int k = 0; k < batch * bias.size(); k++) {
            storage.fill(out, k * plane, plane, storage.get(bias.elements(), bias.offset + k % bias.size()));
        }
        return out;
    }
}
