package io.adjoint.core;

import java.util.function.DoubleUnaryOperator;

/** {@code (Σ |x|ᵖ)^(1/p)} over axes, and what it is for the orders that have no such sum. */
final class NormKernels {
    private NormKernels() {}

    static NdArray norm(NdArray x, double p, boolean keepDims, int... axes) {
        x.dtype.requireFloating("vectorNorm");
        Shape shape = x.shape.reduce("vectorNorm", keepDims, axes);
        if (Double.isNaN(p)) {
            throw new IllegalArgumentException("vectorNorm: the order p is NaN; pass a number, or an infinity");
        }
        if (p < 0 && x.size() == 0 && shape.size() > 0) {
            throw new ShapeException("vectorNorm: " + x.shape
                    + " has no elements along the reduced axes, and nothing has no norm of order " + p);
        }
        if (p == 2) {
            return reduce(ReduceOp.SQUARES, Math::sqrt, x, keepDims, axes);
        }
        if (Double.isInfinite(p) || p == 1) {
            ReduceOp op = p == 1 ? ReduceOp.SUM : p > 0 ? ReduceOp.AMAX : ReduceOp.AMIN;
            return reduce(op, DoubleUnaryOperator.identity(), x.map(Math::abs), keepDims, axes);
        }
        if (p == 0) {
            return reduce(ReduceOp.SUM, DoubleUnaryOperator.identity(), x.map(v -> v == 0 ? 0 : 1), keepDims, axes);
        }
        // In double throughout: powers leave the range of floats soon.
        NdArray powers = x.to(DType.FLOAT64).map(v -> Math.pow(Math.abs(v), p));
        return reduce(ReduceOp.SUM, total -> Math.pow(total, 1 / p), powers, keepDims, axes)
                .to(x.dtype);
    }

    private static NdArray reduce(ReduceOp op, DoubleUnaryOperator finish, NdArray x, boolean keepDims, int... axes) {
        return ReductionKernels.reduce("vectorNorm", op, finish, x, keepDims, axes);
    }
}
