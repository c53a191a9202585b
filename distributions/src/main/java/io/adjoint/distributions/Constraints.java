package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The constraints of {@link Constraint}. */
final class Constraints {
    private Constraints() {}

    static Constraint vectors(
            int eventRank, String words, UnaryOperator<Tensor> check, @Nullable Supplier<Bijection> bijection) {
        return new Constraint() {
            @Override
            public Tensor check(Tensor value) {
                return check.apply(value);
            }

            @Override
            public int eventRank() {
                return eventRank;
            }

            @Override
            public Bijection bijection() {
                if (bijection == null) {
                    throw new UnsupportedOperationException(
                            "Constraint.bijection: no bijection of the real numbers gives " + words
                                    + "; relax integers to probabilities, or add up over all of them");
                }
                return bijection.get();
            }

            @Override
            public String toString() {
                return words;
            }
        };
    }

    /** The last batch axes of a constraint as axes of the event: all values of an event must be allowed. */
    static Constraint independent(Constraint base, int axes) {
        return axes == 0
                ? base
                : vectors(
                        base.eventRank() + axes,
                        (axes == 1 ? "a vector, each element " : "an array, each element ") + base,
                        x -> base.check(x).all(Terms.lastAxes(axes)),
                        () -> base.bijection().independent(axes));
    }

    /** The number if there is one for all, else the name. */
    static String words(Tensor bound, String name) {
        return bound.shape().size() == 1 ? String.valueOf(bound.data().reshape().item()) : name;
    }

    static Tensor isSimplex(Tensor x) {
        double tolerance = x.dtype() == DType.FLOAT32 ? 1e-5 : 1e-6;
        return x.ge(0).all(-1).and(x.sum(-1).sub(1).abs().le(tolerance));
    }

    /** True for the square matrices of finite numbers. */
    static Tensor isSquare(Tensor x) {
        Tensor finite = x.isFinite().all(-1, -2);
        return x.shape().dim(-1) == x.shape().dim(-2) ? finite : Tensor.zerosLike(finite);
    }

    static Tensor isLowerCholesky(Tensor x) {
        return isSquare(x)
                .and(x.triu(1).eq(0).all(-1, -2))
                .and(x.diagonal(-2, -1, 0).gt(0).all(-1));
    }
}
