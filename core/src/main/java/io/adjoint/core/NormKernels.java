package io.adjoint.core;

import io.adjoint.core.loops.ReduceOp;
import io.adjoint.core.math.Powers;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Vector norms of order p over axes: {@code (Σ |x|ᵖ)^(1/p)}; for p = 0 the number of elements x that are not 0, for p = ∞ the largest and
 * for p = −∞ the smallest |x|.
 */
final class NormKernels {
    private NormKernels() {}

    static NdArray norm(NdArray x, double p, Dims dims, int... axes) {
        x.dtype.requireFloating("vectorNorm");
        Shape shape = x.shape.reduce("vectorNorm", dims, axes);
        if (Double.isNaN(p)) {
            throw new IllegalArgumentException("vectorNorm: the order p is NaN; pass a number, or an infinity");
        }
        if (p < 0 && x.size() == 0 && shape.size() > 0) {
            throw new ShapeException("vectorNorm: " + x.shape
                    + " has no elements along the reduced axes, and nothing has no norm of order " + p);
        }
        if (p == 2) {
            NdArray norm = reduce(ReduceOp.SQUARES, Math::sqrt, x, dims, axes);
            if (Arrays.stream(norm.toDoubleArray()).noneMatch(Double::isInfinite)) {
                return norm;
            }
            // The Euclidean norm just computed is infinite if an element is infinite, or if the sum of the squares of
            // finite elements overflows. The general case below divides the elements by the largest, so that the sum
            // doesn't overflow.
        }
        if (Double.isInfinite(p) || p == 1) {
            ReduceOp op = p == 1 ? ReduceOp.SUM : p > 0 ? ReduceOp.AMAX : ReduceOp.AMIN;
            return reduce(op, DoubleUnaryOperator.identity(), x.map(Math::abs), dims, axes);
        }
        if (p == 0) {
            return reduce(ReduceOp.SUM, DoubleUnaryOperator.identity(), x.map(v -> v == 0 ? 0 : 1), dims, axes);
        }
        NdArray absolute = x.to(DType.FLOAT64).map(Math::abs);
        if (x.size() == 0) {
            return reduce(ReduceOp.SUM, DoubleUnaryOperator.identity(), absolute, dims, axes)
                    .to(x.dtype);
        }
        // Powers easily leave the range of doubles, so all elements are divided by the element whose power is largest.
        NdArray unit = reduce(
                p > 0 ? ReduceOp.AMAX : ReduceOp.AMIN,
                v -> v == 0 || !Double.isFinite(v) ? 1 : v,
                absolute,
                Dims.KEEP,
                axes);
        NdArray powers = absolute.div(unit).map(v -> Powers.pow(v, p));
        return reduce(ReduceOp.SUM, total -> Powers.pow(total, 1 / p), powers, Dims.KEEP, axes)
                .mul(unit)
                .reshape(shape)
                .to(x.dtype);
    }

    private static NdArray reduce(ReduceOp op, DoubleUnaryOperator finish, NdArray x, Dims dims, int... axes) {
        return ReductionKernels.reduce("vectorNorm", op, finish, x, dims, axes);
    }
}
