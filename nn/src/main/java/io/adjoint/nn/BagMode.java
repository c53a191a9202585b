package io.adjoint.nn;

/** The number that {@link Functional#embeddingBag} makes of a feature's values in a bag; that of an empty bag is 0. */
public enum BagMode {
    /** Their mean. */
    MEAN,
    /** Their sum. */
    SUM,
    /** The maximum of each feature; NaN if a vector has one. Among equal values the first one gets the gradient. */
    MAX
}
