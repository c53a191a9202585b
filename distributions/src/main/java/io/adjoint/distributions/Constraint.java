package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.SelectionKernels;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A set of values: of a parameter, of the support of a distribution, or of the domain of a {@link Bijection}. Real numbers are finite.
 * {@code toString()} says in words what a value must be, for messages.
 */
@CheckReturnValue
public interface Constraint {
    /** All real numbers. */
    Constraint REAL = of("a finite number", Tensor::isFinite, Bijection::identity);

    /** The numbers above 0. */
    Constraint POSITIVE = of("positive and finite", x -> x.gt(0).and(finite(x)), Bijection::exp);

    /** The numbers from 0 on. */
    Constraint NON_NEGATIVE = of("a finite number from 0 on", x -> x.ge(0).and(finite(x)), Bijection::exp);

    /** The numbers from 0 to 1: probabilities. */
    Constraint UNIT_INTERVAL = of("from 0 to 1", x -> x.ge(0).and(x.le(1)), Bijection::sigmoid);

    /** The integers from 0 on: counts. */
    Constraint COUNT =
            of("an integer from 0 on", x -> x.ge(0).and(x.floor().eq(x)).and(finite(x)));

    /** 0 and 1. */
    Constraint BOOLEAN = of("0 or 1", x -> x.eq(0).or(x.eq(1)));

    /** Vectors of probabilities: numbers from 0 on that add up to 1, within 10⁻⁶ (10⁻⁵ in FLOAT32), along the last axis. */
    Constraint SIMPLEX = Constraints.vectors(
            1, "a vector of numbers from 0 on that add up to 1", Constraints::isSimplex, Bijection::stickBreaking);

    /** Vectors of real numbers along the last axis. */
    Constraint REAL_VECTOR = Constraints.vectors(
            1, "a vector of finite numbers", x -> x.isFinite().all(-1), Bijection::identity);

    /** Lower triangular matrices with a positive diagonal, in the last two axes. */
    Constraint LOWER_CHOLESKY = Constraints.vectors(
            2,
            "a lower triangular matrix of finite numbers with a positive diagonal",
            Constraints::isLowerCholesky,
            Bijection::lowerCholesky);

    /** The numbers between two bounds, which are included and broadcast with the value. */
    static Constraint interval(Tensor low, Tensor high) {
        return of(
                "from " + Constraints.words(low, "the lower bound") + " to "
                        + Constraints.words(high, "the upper bound"),
                x -> x.ge(low).and(x.le(high)),
                () -> Bijection.sigmoid().andThen(Bijection.affine(low, high.sub(low))));
    }

    /** The integers from 0 to a bound, which is included and broadcasts with the value. */
    static Constraint integers(Tensor high) {
        return of(
                "an integer from 0 to " + Constraints.words(high, "the upper bound"),
                x -> x.ge(0).and(x.le(high)).and(x.floor().eq(x)));
    }

    /**
     * A constraint of single numbers without a bijection from the real numbers.
     *
     * @param words what a value must be, for messages: "an even number"
     * @param check the BOOL elements of the allowed values
     */
    static Constraint of(String words, UnaryOperator<Tensor> check) {
        return Constraints.vectors(0, words, check, null);
    }

    /**
     * A constraint of single numbers.
     *
     * @param words what a value must be, for messages: "positive"
     * @param check the BOOL elements of the allowed values
     * @param bijection makes the bijection from the real numbers
     */
    static Constraint of(String words, UnaryOperator<Tensor> check, Supplier<Bijection> bijection) {
        return Constraints.vectors(0, words, check, bijection);
    }

    private static Tensor finite(Tensor x) {
        return x.lt(Double.POSITIVE_INFINITY);
    }

    /** BOOL: true for the allowed values, one for each event, so without the last {@link #eventRank()} axes. NaN is never allowed. */
    Tensor check(Tensor value);

    /** The number of last axes that make one value: 0 for numbers, 1 for vectors, 2 for matrices. */
    int eventRank();

    /**
     * The bijection from the real numbers (vectors, matrices) to the values, or to their interior: of an unconstrained leaf it makes a
     * parameter.
     *
     * @throws UnsupportedOperationException if there is none, as for integers
     */
    Bijection bijection();

    /**
     * Checks all values.
     *
     * @param owner the name of the distribution, for the message
     * @param what the name of the parameter, for the message
     * @throws IllegalArgumentException if a value is not allowed; the message has the first such value and its index
     */
    default void require(String owner, String what, Tensor value) {
        value.dtype().requireNumbers(owner);
        int rank = eventRank();
        if (value.shape().rank() < rank) {
            throw new IllegalArgumentException(
                    owner + ": " + what + " must be " + this + ", but its shape is " + value.shape());
        }
        NdArray right = Autograd.noGrad(() -> check(value.detach())).data();
        int at = SelectionKernels.indexOfFirst(right, x -> x == 0);
        if (at >= 0) {
            int[] index = right.shape().unravelIndex(at);
            int[] event = Arrays.copyOfRange(
                    value.shape().toArray(),
                    value.shape().rank() - rank,
                    value.shape().rank());
            Shape whole = right.shape().append(owner, event);
            NdArray bad = value.data().broadcastTo(whole);
            for (int i : index) {
                bad = bad.select(0, i);
            }
            String where = index.length == 0 ? "it" : (rank == 0 ? "element " : "") + Arrays.toString(index);
            throw new IllegalArgumentException(owner + ": " + what + " must be " + this + ", but " + where + " is "
                    + (rank == 0 ? String.valueOf(bad.item()) : bad.toString()));
        }
    }
}
