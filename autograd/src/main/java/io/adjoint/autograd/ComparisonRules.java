package io.adjoint.autograd;

import io.adjoint.core.Comparison;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import java.util.function.DoublePredicate;

/** Conditions, whose BOOL masks are true where they hold; and what is made of masks. They have no gradient. */
final class ComparisonRules {
    private ComparisonRules() {}

    static Tensor compare(Comparison comparison, Tensor a, Tensor b) {
        return Tensor.of(a.data().compare(comparison, b.data()));
    }

    static Tensor compare(Comparison comparison, Tensor x, double c) {
        if (comparison.isOrder()) {
            x.dtype().requireNumbers(comparison.label());
        }
        // Labels may be compared with 0.5, which is no INT32.
        NdArray own = x.dtype().holds(c) ? x.data() : x.data().to(DType.FLOAT64);
        return Tensor.of(own.compare(comparison, NdArray.scalar(own.dtype(), c)));
    }

    static Tensor not(Tensor mask) {
        mask.dtype().requireMask("not");
        return mask.eq(0);
    }

    static Tensor test(Tensor x, DoublePredicate condition) {
        return Tensor.of(x.data().test(condition));
    }

    static Tensor any(Tensor mask, boolean keepDims, int... axes) {
        mask.dtype().requireMask("any");
        int[] reduced = mask.shape().axes("any", axes);
        return mask.sum(keepDims, reduced).gt(0);
    }

    static Tensor all(Tensor mask, boolean keepDims, int... axes) {
        mask.dtype().requireMask("all");
        int[] reduced = mask.shape().axes("all", axes);
        return mask.not().sum(keepDims, reduced).eq(0);
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
