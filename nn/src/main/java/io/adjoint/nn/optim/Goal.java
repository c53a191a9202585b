package io.adjoint.nn.optim;

/** The direction in which a value gets better. */
public enum Goal {
    /** A smaller value is better, as for losses. */
    MIN,
    /** A larger value is better, as for accuracies. */
    MAX;

    /** Returns whether a value is better than another one; NaN is worse than any number. */
    public boolean isBetter(double value, double than) {
        return !Double.isNaN(value) && (Double.isNaN(than) || (this == MIN ? value < than : value > than));
    }
}
