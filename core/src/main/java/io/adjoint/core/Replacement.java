package io.adjoint.core;

/** Drawing with or without replacement. */
public enum Replacement {
    /** Each index can be drawn several times. */
    WITH,
    /** Each index is drawn at most once. */
    WITHOUT
}
