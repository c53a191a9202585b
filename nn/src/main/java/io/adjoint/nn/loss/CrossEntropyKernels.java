package io.adjoint.nn.loss;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.Dims;
import io.adjoint.core.Loops;
import io.adjoint.core.NdArray;
import io.adjoint.core.Partition;
import io.adjoint.core.Shape;
import io.adjoint.core.UnaryFunction;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.math.Logarithms;
import io.adjoint.core.parallel.Parallel;
import io.adjoint.core.parallel.ScratchPool;
import java.util.Arrays;

/**
 * The cross entropy {@code −Σ q·log softmax(x)} of scores x and targets q (see {@link SmoothedClasses}) along an axis, and its gradient, in
 * the arrays' own type. Each of the two computations reads x from memory only once: a block of classes at a time, which stays in the
 * first-level cache until all loops over it are done.
 */
final class CrossEntropyKernels {
    /** The number of classes in a block. */
    private static final int CLASSES = 1 << 10;

    /** The largest number of elements of a block, its classes times its positions, unless {@link #MIN_WIDTH} requires more. */
    private static final int SIZE = 1 << 13;

    /** The smallest number of neighbouring positions of a block: with fewer, each cache line would be read several times. */
    private static final int MIN_WIDTH = 8;

    private final ArrayElements x;
    private final SmoothedClasses targets;
    private final Storage<Object> storage;
    private final Loops<Object> loops;
    private final int classes;
    /** The distance between neighbouring classes in elements. */
    private final int stride;

    private final Partition strips;

    private CrossEntropyKernels(NdArray x, int axis, SmoothedClasses targets) {
        this.x = ArrayElements.of(x);
        this.targets = targets;
        storage = ArrayElements.storage(x.dtype());
        loops = ArrayElements.loops(x.dtype(), "CrossEntropy");
        int[] sizes = x.shape().toArray();
        int a = x.shape().axis("CrossEntropy", axis);
        classes = sizes[a];
        stride = Arrays.stream(sizes, a + 1, sizes.length).reduce(1, (m, n) -> m * n);
        int width = Math.max(1, Math.min(stride, Math.max(MIN_WIDTH, SIZE / Math.max(1, Math.min(classes, CLASSES)))));
        strips = new Partition(x.size() == 0 ? 0 : x.size() / classes / stride, classes, stride, width);
    }

    /**
     * The cross entropy of each position. Arguments are not checked; a class whose q is 0 adds 0 to the sum, even if its x is −∞. Stores
     * the maxima and sums of exponentials in the targets, for {@link #gradient}.
     */
    static NdArray loss(NdArray x, int axis, SmoothedClasses targets) {
        Shape shape = x.shape().reduce("CrossEntropy", Dims.DROP, axis);
        double[] losses = new double[shape.size()];
        new CrossEntropyKernels(x, axis, targets).writeLosses(losses);
        return ArrayElements.ofDoubles(x.dtype(), shape, losses);
    }

    /**
     * {@code (softmax(x)·Σ q − q)·g} along an axis: the gradient of {@link #loss}, computed without a second array of x's size and without
     * computing the maxima and sums of exponentials again.
     *
     * @param g the upstream gradient; where the sum of q is 0, the result is 0 for all g and x
     * @param x the input of the loss
     * @param targets the same object that the loss got
     */
    static NdArray gradient(NdArray g, NdArray x, int axis, SmoothedClasses targets) {
        double[] upstream = g.toDoubleArray();
        Object out = ArrayElements.empty(x.dtype(), x.size());
        new CrossEntropyKernels(x, axis, targets).writeGradient(upstream, out);
        return ArrayElements.adopt(x.dtype(), x.shape(), out);
    }

    private void writeLosses(double[] losses) {
        ScratchPool<Object> pool =
                new ScratchPool<>(() -> storage.allocate(Math.min(classes, CLASSES) * strips.width()));
        Parallel.ranges(strips.count(), strips.block(), (start, end) -> {
            Object differences = pool.take();
            strips.each(start, end, (from, first, width) -> loss(from, first, width, differences, losses));
            pool.giveBack(differences);
        });
    }

    private void writeGradient(double[] upstream, Object out) {
        Parallel.ranges(
                strips.count(),
                strips.block(),
                (start, end) ->
                        strips.each(start, end, (from, first, width) -> gradient(from, first, width, upstream, out)));
    }

    private void loss(int from, int first, int width, Object differences, double[] losses) {
        double[] shift = new double[width];
        double[] sum = new double[width];
        Arrays.fill(shift, Double.NEGATIVE_INFINITY);
        for (int top = 0; top < classes; top += CLASSES) {
            int count = Math.min(classes - top, CLASSES);
            int at = from + top * stride;
            double[] largest = loops.reductions()
                    .reduce(ReduceOp.AMAX, x.array(), x.offset() + at, count, stride, width, stride == 1);
            for (int c = 0; c < width; c++) {
                double before = shift[c];
                shift[c] = Math.max(before, largest[c]);
                if (shift[c] != before) {
                    sum[c] *= exp(before - shift[c]);
                }
                // If all scores so far are −∞, 0 is subtracted from them instead of their maximum, since exp(−∞ − 0) is
                // 0 but exp(−∞ − −∞) is NaN.
                largest[c] = shift[c] == Double.NEGATIVE_INFINITY ? 0 : shift[c];
            }
            shiftedExp(at, count, width, largest, differences, 0, width);
            // The width of a strip does not depend on the number of threads, so the order of its sums may depend on the
            // width.
            double[] more = loops.reductions().reduce(ReduceOp.SUM, differences, 0, count, width, width, width == 1);
            for (int c = 0; c < width; c++) {
                sum[c] += more[c];
            }
        }
        System.arraycopy(shift, 0, targets.shift, first, width);
        System.arraycopy(sum, 0, targets.sum, first, width);
        for (int c = 0; c < width; c++) {
            int k = first + c;
            double log = Logarithms.log(sum[c]);
            double hit = targets.hit[k];
            double ofClass = hit == 0 ? 0 : hit * (log - (get(from + c, targets.index[k]) - shift[c]));
            double ofAll = targets.used[k] * targets.spreadSum();
            losses[k] = ofAll == 0 ? ofClass : ofClass + (ofAll * log - common(from + c, shift[c]));
        }
    }

    private double get(int from, int ofClass) {
        return storage.get(x.array(), x.offset() + from + ofClass * stride);
    }

    /** {@code Σ spread·(x − shift)} over all classes, at one position. */
    private double common(int from, double shift) {
        double common = 0;
        for (int r = 0; r < targets.spread.length; r++) {
            if (targets.spread[r] != 0) {
                common += targets.spread[r] * (get(from, r) - shift);
            }
        }
        return common;
    }

    private void gradient(int from, int first, int width, double[] upstream, Object out) {
        double[] shift = Arrays.copyOfRange(targets.shift, first, first + width);
        double[] factor = new double[width];
        for (int c = 0; c < width; c++) {
            double total = targets.total(first + c);
            factor[c] = total == 0 ? 0 : total * upstream[first + c] / targets.sum[first + c];
        }
        Object factors = array(factor);
        for (int top = 0; top < classes; top += CLASSES) {
            int count = Math.min(classes - top, CLASSES);
            int at = from + top * stride;
            shiftedExp(at, count, width, shift, out, at, stride);
            apply(BinaryOp.MUL, out, at, stride, count, width, factors, out, at, stride);
        }
        for (int c = 0; c < width; c++) {
            int k = first + c;
            for (int r = 0; r < targets.spread.length; r++) {
                int at = from + c + r * stride;
                storage.set(out, at, storage.get(out, at) - targets.used[k] * targets.spread[r] * upstream[k]);
            }
            // The gradient at the target's class is computed in double, since it is a difference of two almost equal
            // numbers if the softmax of this class is close to 1.
            int index = targets.index[k];
            double q = targets.hit[k] + (targets.spread.length == 0 ? 0 : targets.used[k] * targets.spread[index]);
            double weight = exp(get(from + c, index) - shift[c]) * factor[c];
            storage.set(out, from + c + index * stride, weight - q * upstream[k]);
            // If the factor is 0, the gradient is 0, but factor·exp(x − shift) is NaN where x is NaN.
            for (int r = 0; r < classes && factor[c] == 0; r++) {
                storage.set(out, from + c + r * stride, 0);
            }
        }
    }

    /** Writes {@code exp(x − shift)} for a block of classes, with {@code toStride} elements from each class to the next. */
    private void shiftedExp(int at, int count, int width, double[] shift, Object out, int to, int toStride) {
        apply(BinaryOp.SUB, x.array(), x.offset() + at, stride, count, width, array(shift), out, to, toStride);
        int together = width == toStride ? count : 1;
        for (int r = 0; r < count; r += together) {
            int k = to + r * toStride;
            loops.functions().get(UnaryFunction.EXP).apply(out, k, out, k, together * width);
        }
    }

    /** Computes {@code out = a op values} for a block of classes; {@code values} has one value for each position. */
    private void apply(
            BinaryOp op,
            Object a,
            int from,
            int fromStride,
            int count,
            int width,
            Object values,
            Object out,
            int to,
            int toStride) {
        if (fromStride == 1 && toStride == 1) {
            loops.arithmetic().apply(op, a, from, 1, values, 0, 0, out, to, count);
            return;
        }
        for (int r = 0; r < count; r++) {
            loops.arithmetic().apply(op, a, from + r * fromStride, 1, values, 0, 1, out, to + r * toStride, width);
        }
    }

    private Object array(double[] values) {
        Object array = storage.allocate(values.length);
        storage.write(values, 0, array, 0, values.length);
        return array;
    }

    private static double exp(double x) {
        double[] one = {x};
        UnaryFunction.EXP.apply(one, 0, one, 0, 1);
        return one[0];
    }
}
