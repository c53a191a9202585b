package io.adjoint.nn;

/** The number that {@link Functional#embeddingBag} makes of a feature's values in a bag; that of an empty bag is 0. */
public enum BagMode {
    /** Their mean. */
    MEAN,
    /** Their sum. */
    SUM,
    /** The largest, whose gradient goes to the first of equal ones; NaN if there is one. */
    MAX
}
