package io.adjoint.autograd;

import io.adjoint.core.Comparison;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import java.util.function.DoublePredicate;

/** Conditions, whose INT32 masks are 1 where they hold and 0 elsewhere; and what is made of masks. They have no gradient. */
final class Comparisons {
    private Comparisons() {}

    static Tensor compare(Comparison comparison, Tensor a, Tensor b) {
        return Tensor.of(a.data().compare(comparison, b.data()));
    }

    static Tensor compare(Comparison comparison, Tensor x, double c) {
        // Labels may be compared with 0.5, which is no INT32.
        NdArray own = x.dtype() == DType.INT32 && c != (int) c ? x.data().to(DType.FLOAT64) : x.data();
        return Tensor.of(own.compare(comparison, NdArray.scalar(own.dtype(), c)));
    }

    static Tensor connect(Comparison connective, Tensor a, Tensor b) {
        Selection.requireMask(connective.label(), a);
        Selection.requireMask(connective.label(), b);
        return compare(connective, a, b);
    }

    static Tensor not(Tensor mask) {
        Selection.requireMask("logicalNot", mask);
        return mask.eq(0);
    }

    static Tensor test(Tensor x, DoublePredicate condition) {
        return Tensor.of(x.data().test(condition));
    }

    static Tensor any(Tensor mask, boolean keepDims, int... axes) {
        return count("any", mask, v -> v != 0, keepDims, axes).gt(0);
    }

    static Tensor all(Tensor mask, boolean keepDims, int... axes) {
        return count("all", mask, v -> v == 0, keepDims, axes).eq(0);
    }

    private static Tensor count(String op, Tensor mask, DoublePredicate what, boolean keepDims, int... axes) {
        Selection.requireMask(op, mask);
        int[] reduced = mask.shape().axes(op, axes);
        return Tensor.of(mask.data().test(what).to(DType.FLOAT64).sum(keepDims, reduced));
    }

    static boolean allClose(Tensor a, Tensor b, double relative, double absolute) {
        if (!(relative >= 0) || !(absolute >= 0)) {
            throw new IllegalArgumentException(
                    "allClose: the tolerances must be numbers from 0 on, got " + relative + " and " + absolute);
        }
        if (!a.shape().equals(b.shape())) {
            throw new ShapeException("allClose: the shapes " + a.shape() + " and " + b.shape()
                    + " differ; make them equal with broadcastTo(shape)");
        }
        NdArray far = a.data()
                .zip(
                        "allClose",
                        b.data(),
                        (x, y) -> x == y || Math.abs(x - y) <= allowed(y, relative, absolute) ? 0 : 1);
        return far.sum(false).item() == 0;
    }

    /** An infinite number is close to itself alone. */
    private static double allowed(double y, double relative, double absolute) {
        return Double.isInfinite(y) ? -1 : absolute + relative * Math.abs(y);
    }
}
