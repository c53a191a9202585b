package io.adjoint.nn;

/** The reduction of each feature's values in a bag to one number, by {@link Functional#embeddingBag}; for an empty bag the result is 0. */
public enum BagMode {
    /** The mean of the values. */
    MEAN,
    /** The sum of the values. */
    SUM,
    /** The maximum of each feature; it is NaN if the feature is NaN in a vector. Among equal values the first value gets the gradient. */
    MAX
}
