package io.adjoint.nn;

/** What a loss makes of the losses of its elements. */
public enum Reduction {
    /** Leaves them as they are. */
    NONE,
    /** Their sum. */
    SUM,
    /** Their mean, the default of every loss. */
    MEAN
}
