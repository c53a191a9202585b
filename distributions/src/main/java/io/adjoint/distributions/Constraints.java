package io.adjoint.distributions;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tape;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Fusion;
import io.adjoint.core.NdArray;
import io.adjoint.core.SelectionKernels;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The constraints of {@link Constraint}. */
final class Constraints {
    private Constraints() {}

    /**
     * A constraint by its check; of single numbers also by a predicate, which checks them in one pass.
     *
     * @param words what a value must be
     */
    private record Form(
            int eventRank,
            String words,
            UnaryOperator<Tensor> test,
            @Nullable DoublePredicate isAllowed,
            @Nullable Supplier<Bijection> source)
            implements Constraint {
        @Override
        public Tensor check(Tensor value) {
            return test.apply(value);
        }

        @Override
        public Bijection bijection() {
            if (source == null) {
                throw new UnsupportedOperationException("Constraint.bijection: no bijection of the real numbers gives "
                        + words + "; relax integers to probabilities, or add up over all of them");
            }
            return source.get();
        }

        @Override
        public String toString() {
            return words;
        }
    }

    static Constraint numbers(String words, DoublePredicate isAllowed, @Nullable Supplier<Bijection> bijection) {
        return new Form(0, words, x -> Tensor.of(x.data().test(isAllowed)), isAllowed, bijection);
    }

    static Constraint vectors(
            int eventRank, String words, UnaryOperator<Tensor> check, @Nullable Supplier<Bijection> bijection) {
        return new Form(eventRank, words, check, null, bijection);
    }

    /** The numbers between two bounds that fulfil a condition; the words lack the upper bound. */
    static Constraint between(
            String words, Tensor low, Tensor high, DoublePredicate condition, @Nullable Supplier<Bijection> bijection) {
        String whole = words + " to " + words(high, "the upper bound");
        if (low.shape().rank() + high.shape().rank() == 0) {
            double from = low.data().item();
            double to = high.data().item();
            return numbers(whole, x -> x >= from && x <= to && condition.test(x), bijection);
        }
        return vectors(
                0, whole, x -> x.ge(low).and(x.le(high)).and(Tensor.of(x.data().test(condition))), bijection);
    }

    /** {@link Constraint#interval} of checked bounds. */
    static Constraint interval(Tensor low, Tensor high) {
        return between(
                "from " + words(low, "the lower bound"), low, high, x -> true, () -> Bijections.between(low, high));
    }

    static void requireAbove(String owner, Tensor low, Tensor high) {
        vectors(0, "above low", x -> x.gt(low), null).require(owner, "high", high);
    }

    /** {@link Constraint#require}. */
    static void require(Constraint constraint, String owner, String what, Tensor value) {
        value.dtype().requireNumbers(owner);
        if (value.shape().rank() < constraint.eventRank()) {
            throw new IllegalArgumentException(
                    owner + ": " + what + " must be " + constraint + ", but its shape is " + value.shape());
        }
        if (Fusion.isDeferred(value.data())) {
            return; // A fused function is computed later: there are no elements to check.
        }
        int at = Tape.unwritten(() -> firstRefused(constraint, value.detach()));
        if (at >= 0) {
            throw refused(constraint, owner + ": " + what, value.detach(), at);
        }
    }

    /** The index of the first event that is not allowed; −1 if all are. */
    private static int firstRefused(Constraint constraint, Tensor value) {
        if (constraint instanceof Form form && form.isAllowed != null) {
            return SelectionKernels.indexOfFirst(value.data(), form.isAllowed.negate());
        }
        Tensor right = Autograd.noGrad(() -> constraint.check(value));
        return SelectionKernels.indexOfFirst(right.data(), x -> x == 0);
    }

    private static IllegalArgumentException refused(Constraint constraint, String what, Tensor value, int at) {
        Shape batch = constraint.check(value).shape();
        int rank = constraint.eventRank();
        int[] index = batch.unravelIndex(at);
        NdArray bad = value.data()
                .broadcastTo(batch.append(what, Terms.event(value.shape(), rank).toArray()));
        for (int k : index) {
            bad = bad.select(0, k);
        }
        String where = index.length == 0 ? "it" : (rank == 0 ? "element " : "") + Arrays.toString(index);
        return new IllegalArgumentException(what + " must be " + constraint + ", but " + where + " is "
                + (rank == 0 ? String.valueOf(bad.item()) : bad.toString()));
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
