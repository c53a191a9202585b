package io.adjoint.core;

/** The part that the padding has in the mean of a window. */
public enum Padding {
    /** The padding counts as elements that are 0. */
    COUNTED,
    /** The mean is taken over the window's elements outside of the padding. */
    EXCLUDED
}
