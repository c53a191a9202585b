package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import java.util.function.DoublePredicate;
import java.util.function.Supplier;

/**
 * A set of values: of a parameter, of the support of a distribution, or of the domain of a {@link Bijection}. Real numbers are finite.
 * {@code toString()} says in words what a value must be, for messages.
 */
@CheckReturnValue
public interface Constraint {
    /** All real numbers. */
    Constraint REAL = of("a finite number", Double::isFinite, Bijection::identity);

    /** The numbers above 0; the bijection is {@code eˣ}. */
    Constraint POSITIVE = of("positive and finite", x -> x > 0 && x < Double.POSITIVE_INFINITY, Bijection::exp);

    /** The numbers from 0 on; the bijection is {@code eˣ}. */
    Constraint NON_NEGATIVE =
            of("a finite number from 0 on", x -> x >= 0 && x < Double.POSITIVE_INFINITY, Bijection::exp);

    /** The numbers from 0 to 1: probabilities. */
    Constraint UNIT_INTERVAL = of("from 0 to 1", x -> x >= 0 && x <= 1, Bijection::sigmoid);

    /** The integers from 0 on: counts. */
    Constraint COUNT = of("an integer from 0 on", x -> x >= 0 && x == Math.floor(x) && x < Double.POSITIVE_INFINITY);

    /** 0 and 1. */
    Constraint BOOLEAN = of("0 or 1", x -> x == 0 || x == 1);

    /** Vectors of probabilities: numbers from 0 on that add up to 1, within 10⁻⁶ (10⁻⁵ in FLOAT32), along the last axis. */
    Constraint SIMPLEX = Constraints.vectors(
            1, "a vector of numbers from 0 on that add up to 1", Constraints::isSimplex, Bijection::stickBreaking);

    /** Vectors of real numbers along the last axis. */
    Constraint REAL_VECTOR = Constraints.vectors(
            1,
            "a vector of finite numbers",
            x -> x.isFinite().all(-1),
            () -> Bijection.identity().independent(1));

    /** Lower triangular matrices with a positive diagonal, in the last two axes. */
    Constraint LOWER_CHOLESKY = Constraints.vectors(
            2,
            "a lower triangular matrix of finite numbers with a positive diagonal",
            Constraints::isLowerCholesky,
            Bijection::lowerCholesky);

    /**
     * The numbers between two bounds, which are included and broadcast with the value. The bijection is a sigmoid, shifted and scaled. If
     * all upper bounds are ∞, it is {@code low + eˣ}; if all lower bounds are −∞, {@code high − eˣ}; for both, the identity.
     *
     * @throws IllegalArgumentException if an upper bound is not above the lower one
     */
    static Constraint interval(Tensor low, Tensor high) {
        Constraints.requireAbove("Constraint.interval", low, high);
        return Constraints.interval(low, high);
    }

    /** The integers from 0 to a bound, which is included and broadcasts with the value. */
    static Constraint integers(Tensor high) {
        return Constraints.between(
                "an integer from 0", Terms.constant(high.dtype(), 0), high, x -> x == Math.floor(x), null);
    }

    /**
     * A constraint of single numbers without a bijection from the real numbers.
     *
     * @param words what a value must be, for messages: "an even number"
     * @param isAllowed true for the allowed numbers; false for NaN
     */
    static Constraint of(String words, DoublePredicate isAllowed) {
        return Constraints.numbers(words, isAllowed, null);
    }

    /**
     * A constraint of single numbers.
     *
     * @param words what a value must be, for messages: "positive"
     * @param isAllowed true for the allowed numbers; false for NaN
     * @param bijection makes the bijection from the real numbers
     */
    static Constraint of(String words, DoublePredicate isAllowed, Supplier<Bijection> bijection) {
        return Constraints.numbers(words, isAllowed, bijection);
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
     * Checks all values. No graph, tape or export has the check.
     *
     * @param owner the name of the distribution, for the message
     * @param what the name of the parameter, for the message
     * @throws IllegalArgumentException if a value is not allowed; the message has the first such value and its index
     */
    default void require(String owner, String what, Tensor value) {
        Constraints.require(this, owner, what, value);
    }
}
