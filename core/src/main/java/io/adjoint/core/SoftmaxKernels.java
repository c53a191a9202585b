package io.adjoint.core;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.BinaryOp;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.loops.ReductionLoops;
import io.adjoint.core.math.Logarithms;
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

    static NdArray logSumExp(NdArray x, Dims dims, int... axes) {
        x.dtype.requireFloating("logSumExp");
        Shape shape = x.shape.reduce("logSumExp", dims, axes);
        if (x.size() == 0) {
            return NdArray.full(x.dtype, shape, Double.NEGATIVE_INFINITY);
        }
        NdArray grouped = axes.length == 1 ? x : ReductionKernels.reducedLast("logSumExp", x, axes);
        int axis = axes.length == 1 ? axes[0] : 1;
        return StripBuffers.reduce("logSumExp", axis, x.dtype, SoftmaxKernels::logSumExp, grouped)
                .reshape(shape);
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
        for (int c = 0; c < width; c++) {
            // If the largest element is infinite, it is the result: either all elements are −∞, or at least one is +∞.
            buffer[c] = Double.isInfinite(shift[c]) ? shift[c] : shift[c] + Logarithms.log(sum[c]);
        }
    }
}
