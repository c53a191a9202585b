package io.adjoint.nn.metric;

/** The way to one figure for all classes, as scikit-learn's {@code average} has it. */
public enum Average {
    /** That of class 1 of two classes. */
    BINARY,
    /** The mean of the figures of all classes that occur among targets or predictions. */
    MACRO,
    /** The figure of the counts of all classes together. */
    MICRO,
    /** The mean of the figures of all classes, weighted by the number of their targets. */
    WEIGHTED
}
