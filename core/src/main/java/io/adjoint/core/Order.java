package io.adjoint.core;

/** The order of sorted elements. */
public enum Order {
    /** The smallest element first. */
    ASCENDING,
    /** The largest element first. */
    DESCENDING
}
