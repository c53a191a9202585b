package io.adjoint.core;

/** The side of equal elements on which a value is inserted into sorted elements. */
public enum Side {
    /** Before the elements that equal the value: its index is the number of smaller elements. */
    LEFT,
    /** Behind the elements that equal the value: its index is the number of smaller and equal elements. */
    RIGHT
}
