package io.adjoint.core;

/** A triangle of a matrix, with its diagonal. */
public enum Triangle {
    /** The elements on and below the diagonal. */
    LOWER,
    /** The elements on and above the diagonal. */
    UPPER
}
