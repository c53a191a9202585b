package io.adjoint.nn.metric;

/**
 * The way in which the figures of all classes, or of all labels of samples with several labels, become one figure; scikit-learn's {@code
 * average}.
 */
public enum Average {
    /** The figure of class 1, for samples of two classes. */
    BINARY,
    /** The mean of the figures of all labels, or of all classes that occur among targets or predictions. */
    MACRO,
    /** The figure computed from the counts added up over all classes. */
    MICRO,
    /** The mean of the figures of all classes, weighted by the number of their targets. */
    WEIGHTED,
    /** The mean of the figures of all samples, each computed over the sample's labels; for samples with several labels only. */
    SAMPLES
}
