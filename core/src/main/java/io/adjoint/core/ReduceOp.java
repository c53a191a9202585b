package io.adjoint.core;

/**
 * The reductions of elements x, some of them with respect to a centre c.
 *
 * @hidden
 */
@Internal
public enum ReduceOp {
    /** {@code Σ x}. */
    SUM,
    /** {@code Π x}. */
    PROD,
    /** The largest. */
    AMAX,
    /** The smallest. */
    AMIN,
    /** {@code Σ (x − c)}. */
    DEVIATIONS,
    /** {@code Σ (x − c)²}. */
    SQUARES;

    /** The result for no elements, to which others are joined. */
    double identity() {
        return switch (this) {
            case PROD -> 1;
            case AMAX -> Double.NEGATIVE_INFINITY;
            case AMIN -> Double.POSITIVE_INFINITY;
            case SUM, DEVIATIONS, SQUARES -> 0;
        };
    }

    /** Returns whether reducing nothing gives a number that an array can hold. */
    boolean hasEmptyValue() {
        return this != AMAX && this != AMIN;
    }

    /** Returns whether this adds up something. */
    public boolean isSum() {
        return ofParts() == SUM;
    }

    /** The operation that joins results of parts. */
    ReduceOp ofParts() {
        return this == DEVIATIONS || this == SQUARES ? SUM : this;
    }
}
