package io.adjoint.core;

import io.adjoint.core.loops.BinaryKernel;
import io.adjoint.core.loops.Kernel;
import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.parallel.Parallel;
import java.util.function.DoubleBinaryOperator;

/**
 * Arithmetic of INT32 arrays, computed in double, which represents every INT32 number exactly. A result outside the range of INT32 is an
 * error, so no result wraps around. Sums also take BOOL, as 0 and 1.
 */
final class IntegerKernels {
    private IntegerKernels() {}

    /** A kernel that computes the given function's results, and throws if a result is not an integer of 32 bits. */
    static BinaryKernel checked(String op, DoubleBinaryOperator function) {
        return BinaryKernel.each((x, y) -> {
            double result = function.applyAsDouble(x, y);
            if (result != (int) result) {
                throw new ArithmeticException(op + ": " + (int) x + " and " + (int) y
                        + (Double.isFinite(result)
                                ? " give a result out of the range of INT32"
                                : " would be a division by zero")
                        + "; convert with to(FLOAT64)");
            }
            return result;
        });
    }

    /** A kernel that computes the given kernel's results, and throws if a result is not an integer of 32 bits. */
    static Kernel checked(String op, Kernel kernel) {
        return (x, i, y, j, n) -> {
            double[] results = new double[n];
            kernel.apply(x, i, results, 0, n);
            for (int e = 0; e < n; e++) {
                if (results[e] != (int) results[e]) {
                    throw outOfRange(op, "the result for " + (int) x[i + e]);
                }
            }
            System.arraycopy(results, 0, y, j, n);
        };
    }

    static ArithmeticException outOfRange(String op, String what) {
        return new ArithmeticException(op + ": " + what + " is out of the range of INT32; convert with to(FLOAT64)");
    }

    /** The reduction of INT32 or BOOL elements, as INT32. */
    static NdArray reduce(String label, ReduceOp op, NdArray x, Dims dims, int... axes) {
        Shape shape = x.shape.reduce(label, dims, axes);
        ReductionKernels.requireElements(label, op, x.shape, shape);
        int results = shape.size();
        int n = results == 0 ? 0 : x.size() / results;
        NdArray rows = n == 0 ? x : ReductionKernels.reducedLast(label, x, axes).contiguous();
        int[] out = new int[results];
        Parallel.ranges(results, Parallel.blockOf(n), (from, to) -> {
            double[] run = new double[Math.min(n, Rows.RUN)];
            for (int row = from; row < to; row++) {
                long result = (long) op.identity();
                for (int at = 0; at < n; at += Rows.RUN) {
                    int length = Math.min(n - at, Rows.RUN);
                    rows.dtype.storage().read(rows.elements(), rows.offset + row * n + at, 1, run, 0, length);
                    result = joined(op, result, run, length);
                }
                if (result != (int) result) {
                    throw outOfRange(label, op == ReduceOp.PROD ? "the product" : "the result " + result);
                }
                out[row] = (int) result;
            }
        });
        return NdArray.adopt(DType.INT32, shape, out);
    }

    /**
     * The reduction of a previous result and n further elements. A long holds the sum of the elements of any array. A product that has left
     * the range of INT32 stays outside of this range unless a later factor is 0, so it is not multiplied by other factors, with which the
     * long could overflow.
     */
    private static long joined(ReduceOp op, long before, double[] run, int n) {
        long result = before;
        for (int e = 0; e < n; e++) {
            long v = (long) run[e];
            result = switch (op) {
                case PROD -> Math.abs(result) <= 1L << 31 || v == 0 ? result * v : result;
                case AMAX -> Math.max(result, v);
                case AMIN -> Math.min(result, v);
                case SUM -> result + v;
                case DEVIATIONS, SQUARES -> throw new IllegalStateException(op + " is not of integers");
            };
        }
        return result;
    }
}
