package io.adjoint.core;

import io.adjoint.core.math.ElementaryFunctions;
import io.adjoint.core.math.Logarithms;
import java.util.function.DoubleBinaryOperator;

/**
 * Scans along an axis: each result is computed from an element and the previous result or, in reverse, from an element and the next result.
 *
 * @hidden
 */
@Internal
public final class ScanKernels {
    private ScanKernels() {}

    /**
     * The cumulative sums of the elements x₀, x₁, … along an axis, {@code yₖ = x₀ + … + xₖ}; in reverse the sums from xₖ to the last
     * element.
     */
    public static NdArray cumsum(NdArray x, int axis, boolean reverse) {
        x.dtype.requireNumbers("cumsum");
        return scan("cumsum", x, axis, reverse, x.dtype.isFloating() ? Double::sum : ScanKernels::sumInRange);
    }

    private static double sumInRange(double before, double element) {
        double sum = before + element;
        if (sum != (int) sum) {
            throw IntegerKernels.outOfRange("cumsum", "the sum " + (long) sum);
        }
        return sum;
    }

    /**
     * The cumulative products of the elements x₀, x₁, … along an axis, {@code yₖ = x₀ · … · xₖ}; in reverse the products from xₖ to the
     * last element.
     */
    public static NdArray cumprod(NdArray x, int axis, boolean reverse) {
        x.dtype.requireFloating("cumprod");
        return scan("cumprod", x, axis, reverse, (before, element) -> before * element);
    }

    /**
     * The logarithms of the cumulative sums of the exponentials of the elements x₀, x₁, … along an axis, {@code yₖ = log(exp x₀ + … + exp
     * xₖ)}, without overflow.
     */
    public static NdArray logCumsumExp(NdArray x, int axis) {
        x.dtype.requireFloating("logCumsumExp");
        return scan("logCumsumExp", x, axis, false, (before, element) -> {
            double greater = Math.max(before, element);
            double less = Math.min(before, element);
            return Double.isInfinite(greater)
                    ? greater
                    : greater + Logarithms.log1p(ElementaryFunctions.exp(less - greater));
        });
    }

    private static NdArray scan(String op, NdArray x, int axis, boolean reverse, DoubleBinaryOperator next) {
        return StripBuffers.map(
                op,
                axis,
                x.dtype,
                (buffers, n, width, column) -> {
                    double[] buffer = buffers[0];
                    int by = reverse ? -width : width;
                    for (int r = 1, row = first(n, width, reverse) + by; r < n; r++, row += by) {
                        for (int c = row; c < row + width; c++) {
                            buffer[c] = next.applyAsDouble(buffer[c - by], buffer[c]);
                        }
                    }
                },
                x);
    }

    private static int first(int n, int width, boolean reverse) {
        return reverse ? (n - 1) * width : 0;
    }

    /**
     * The result y of the linear recurrence {@code yₖ = bₖ + aₖ·yₖ₋₁}, in reverse {@code yₖ = bₖ + aₖ·yₖ₊₁}, where k counts along the axis.
     * Outside of the axis, y counts as 0. The arrays a and b have the same shape.
     */
    public static NdArray recurrence(NdArray a, NdArray b, int axis, boolean reverse) {
        b.dtype.requireFloating("recurrence");
        return StripBuffers.map(
                "recurrence",
                axis,
                b.dtype,
                (buffers, n, width, column) -> {
                    double[] buffer = buffers[0];
                    double[] factors = buffers[1];
                    int by = reverse ? -width : width;
                    for (int r = 1, row = first(n, width, reverse) + by; r < n; r++, row += by) {
                        for (int c = row; c < row + width; c++) {
                            buffer[c] += factors[c] * buffer[c - by];
                        }
                    }
                },
                b,
                a);
    }

    /**
     * The INT32 index of the largest (or smallest) element up to each position; of several equal elements the last, as in PyTorch's {@code
     * cummax}. NaN counts as both largest and smallest; of several NaN the last is taken.
     */
    public static NdArray indexSoFar(String op, NdArray x, int axis, boolean smallest) {
        x.dtype.requireNumbers(op);
        return StripBuffers.map(
                op,
                axis,
                DType.INT32,
                (buffers, n, width, column) -> {
                    double[] buffer = buffers[0];
                    for (int c = 0; c < width; c++) {
                        double best = buffer[c];
                        int index = 0;
                        buffer[c] = 0;
                        for (int r = 1, at = c + width; r < n; r++, at += width) {
                            double v = buffer[at];
                            if (Double.isNaN(v) || (smallest ? v <= best : v >= best)) {
                                best = v;
                                index = r;
                            }
                            buffer[at] = index;
                        }
                    }
                },
                x);
    }
}
