package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * The reductions of elements x; some of them use deviations from a centre c.
 *
 * @hidden
 */
@Internal
public enum ReduceOp {
    /** The sum {@code Σ x}. */
    SUM,
    /** The product {@code Π x}. */
    PROD,
    /** The largest element. */
    AMAX,
    /** The smallest element. */
    AMIN,
    /** The sum of the deviations from the centre, {@code Σ (x − c)}. */
    DEVIATIONS,
    /** The sum of the squared deviations from the centre, {@code Σ (x − c)²}. */
    SQUARES;

    /** The neutral element: the result for no elements. */
    public double identity() {
        return switch (this) {
            case PROD -> 1;
            case AMAX -> Double.NEGATIVE_INFINITY;
            case AMIN -> Double.POSITIVE_INFINITY;
            case SUM, DEVIATIONS, SQUARES -> 0;
        };
    }

    /** Returns whether the reduction of no elements has a value: sums and products have one, AMAX and AMIN have none. */
    public boolean hasEmptyValue() {
        return this != AMAX && this != AMIN;
    }

    /** Returns whether this reduction is a sum. */
    public boolean isSum() {
        return ofPartials() == SUM;
    }

    /** The operation that combines partial results, of blocks of the elements, to the result of all elements. */
    public ReduceOp ofPartials() {
        return this == DEVIATIONS || this == SQUARES ? SUM : this;
    }
}
