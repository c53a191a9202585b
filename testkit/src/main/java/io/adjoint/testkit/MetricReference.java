package io.adjoint.testkit;

import io.adjoint.core.NdArray;

/** The expected figure of a metric, computed as plainly as possible. */
@FunctionalInterface
public interface MetricReference {
    /** The figure of all predictions and their targets at once. */
    double of(NdArray prediction, NdArray target);
}
