package io.adjoint.nn.train;

/** The direction in which a value gets better. */
public enum Goal {
    /** Smaller is better, as of losses. */
    MIN,
    /** Larger is better, as of accuracies. */
    MAX;

    /** Returns whether a value is better than another one; NaN is worse than any number. */
    public boolean isBetter(double value, double than) {
        return !Double.isNaN(value) && (Double.isNaN(than) || (this == MIN ? value < than : value > than));
    }
}
