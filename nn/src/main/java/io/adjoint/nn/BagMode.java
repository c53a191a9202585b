package io.adjoint.nn;

/** The number that {@link Functional#embeddingBag} makes of a feature's values in a bag; that of an empty bag is 0. */
public enum BagMode {
    /** Their mean. */
    MEAN,
    /** Their sum. */
    SUM,
    /** The maximum of each feature; it is NaN if the feature is NaN in a vector. Among equal values the first value gets the gradient. */
    MAX
}
