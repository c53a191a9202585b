package io.adjoint.core;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.ReductionLoops;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.math.Logarithms;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;

/**
 * Softmax, its logarithm and {@code log Σ exp} along an axis. The largest element is subtracted from all elements first, so that no
 * exponential overflows.
 *
 * @hidden
 */
@Internal
public final class SoftmaxKernels {
    private SoftmaxKernels() {}

    static NdArray softmax(NdArray x, int axis) {
        x.dtype.requireFloating("softmax");
        return Strips.map(
                "softmax",
                axis,
                strip -> {
                    strip.apply(BinaryOp.SUB, 1, strip.reduce(ReduceOp.AMAX, 1));
                    strip.exp(0);
                    strip.finish(BinaryOp.DIV, 0, strip.reduce(ReduceOp.SUM, 0));
                },
                x);
    }

    static NdArray logSoftmax(NdArray x, int axis) {
        x.dtype.requireFloating("logSoftmax");
        return Strips.map(
                "logSoftmax",
                axis,
                strip -> {
                    double[] shift = strip.reduce(ReduceOp.AMAX, 1);
                    strip.apply(BinaryOp.SUB, 1, shift);
                    strip.exp(0);
                    double[] sum = strip.reduce(ReduceOp.SUM, 0);
                    Arrays.setAll(sum, c -> Logarithms.log(sum[c]));
                    strip.apply(BinaryOp.SUB, 1, shift);
                    strip.finish(BinaryOp.SUB, 0, sum);
                },
                x);
    }

    /**
     * The gradient of {@link NdArray#softmax} with respect to its input: {@code y·(g − Σ g·y)}, where g is the upstream gradient, y the
     * softmax's output, and Σ the sum along the axis.
     */
    public static NdArray gradient(NdArray g, NdArray y, int axis) {
        return Strips.map(
                "softmaxGradient",
                axis,
                strip -> {
                    strip.apply(BinaryOp.MUL, 1, 2);
                    strip.apply(BinaryOp.SUB, 1, strip.reduce(ReduceOp.SUM, 0));
                    strip.finish(BinaryOp.MUL, 0, 2);
                },
                g,
                y);
    }

    /**
     * The gradient of {@link NdArray#logSoftmax} with respect to its input: {@code g − eʸ·Σ g}, where g is the upstream gradient, y the
     * output of the logSoftmax, and Σ the sum along the axis.
     */
    public static NdArray logGradient(NdArray g, NdArray y, int axis) {
        return Strips.map(
                "logSoftmaxGradient",
                axis,
                strip -> {
                    strip.exp(2);
                    strip.apply(BinaryOp.MUL, 0, strip.reduce(ReduceOp.SUM, 1));
                    strip.finish(BinaryOp.SUB, 1, 0);
                },
                g,
                y);
    }

    /**
     * The gradient of {@link NdArray#logSumExp} with respect to its input, {@code exp(x − y)} for the result y. If y is infinite, the
     * gradient is 1 for x = +∞, else 0. A {@link io.adjoint.core.loops.BinaryKernel}.
     */
    public static void weight(double[] x, int i, double[] y, int j, double[] z, int k, int n) {
        for (int e = 0; e < n; e++) {
            double logSumExp = y[j + e];
            double difference = x[i + e] - logSumExp;
            double limit = x[i + e] == Double.POSITIVE_INFINITY ? 0 : Double.NEGATIVE_INFINITY;
            z[k + e] = Double.isInfinite(logSumExp) ? limit : difference;
        }
        UnaryFunction.EXP.apply(z, k, z, k, n);
    }

    static NdArray logSumExp(NdArray x, Dims dims, int... axes) {
        x.dtype.requireFloating("logSumExp");
        Shape shape = x.shape.reduce("logSumExp", dims, axes);
        if (x.size() == 0) {
            return NdArray.full(x.dtype, shape, Double.NEGATIVE_INFINITY);
        }
        NdArray grouped = axes.length == 1 ? x : ReductionKernels.reducedLast("logSumExp", x, axes);
        int axis = axes.length == 1 ? axes[0] : 1;
        boolean isLast = grouped.shape.strides()[grouped.shape.axis("logSumExp", axis)] == 1;
        NdArray result = isLast
                ? logSumExpOfRows(grouped.contiguous(), grouped.shape.dim(axis))
                : StripBuffers.reduce("logSumExp", axis, x.dtype, SoftmaxKernels::logSumExp, grouped);
        return result.reshape(shape);
    }

    /** Reduces rows of n elements; of short ones many at a time. */
    private static NdArray logSumExpOfRows(NdArray x, int n) {
        ReductionLoops<double[]> reductions = Backend.float64().reductions();
        Storage<Object> storage = x.dtype.storage();
        int rows = x.size() / n;
        Object out = ArrayElements.empty(x.dtype, rows);
        Parallel.ranges(rows, Parallel.blockOf(n), (from, to) -> {
            double[] shift = new double[Math.min(to - from, Math.max(1, Rows.RUN / n))];
            double[] sum = new double[shift.length];
            double[] buffer = new double[shift.length * n];
            for (int row = from; row < to; row += shift.length) {
                int count = Math.min(to - row, shift.length);
                storage.read(x.elements(), x.offset + row * n, 1, buffer, 0, count * n);
                reductions.rowByRow(ReduceOp.AMAX, buffer, 0, n, count, shift);
                for (int r = 0, e = 0; r < count; r++) {
                    double largest = shift[r];
                    for (int end = e + n; e < end; e++) {
                        buffer[e] -= largest;
                    }
                }
                UnaryFunction.EXP.apply(buffer, 0, buffer, 0, count * n);
                reductions.rowByRow(ReduceOp.SUM, buffer, 0, n, count, sum);
                logarithms(shift, sum, sum, count);
                storage.write(sum, 0, out, row, count);
            }
        });
        return NdArray.adopt(x.dtype, Shape.of(rows), out);
    }

    /** Sets a result to {@code shift + log sum} or, if that is infinite, to the shift: then all elements are −∞, or at least one is +∞. */
    private static void logarithms(double[] shift, double[] sum, double[] result, int n) {
        for (int k = 0; k < n; k++) {
            result[k] = Double.isInfinite(shift[k]) ? shift[k] : shift[k] + Logarithms.log(sum[k]);
        }
    }

    private static void logSumExp(double[][] buffers, int n, int width, int column) {
        ReductionLoops<double[]> reductions = Backend.float64().reductions();
        ArithmeticLoops<double[]> arithmetic = Backend.float64().arithmetic();
        double[] buffer = buffers[0];
        // The width of a strip does not depend on the number of threads, so the order of its sums may depend on the
        // width.
        boolean isRow = width == 1;
        double[] shift = reductions.reduce(ReduceOp.AMAX, buffer, 0, n, width, width, isRow);
        if (isRow) {
            arithmetic.apply(BinaryOp.SUB, buffer, 0, 1, shift, 0, 0, buffer, 0, n);
        } else {
            for (int row = 0; row < n * width; row += width) {
                arithmetic.apply(BinaryOp.SUB, buffer, row, 1, shift, 0, 1, buffer, row, width);
            }
        }
        UnaryFunction.EXP.apply(buffer, 0, buffer, 0, n * width);
        double[] sum = reductions.reduce(ReduceOp.SUM, buffer, 0, n, width, width, isRow);
        logarithms(shift, sum, buffer, width);
    }
}
