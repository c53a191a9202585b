package io.adjoint.nn.metric;

import io.adjoint.nn.Settings;

/**
 * The weighted harmonic mean of precision and recall of a class, {@code (1 + β²)·P·R / (β²·P + R)}: β above 1 favours recall, below 1
 * precision. See {@link ClassScore}.
 */
public final class FBeta extends ClassScore<FBeta> {
    private final double beta;

    /**
     * The F score of β averaged over classes; for scores of one class the threshold is ½, for probabilities.
     *
     * @throws IllegalArgumentException if β is not positive and finite
     */
    public FBeta(double beta, Average average) {
        super(average);
        this.beta = Settings.requirePositive(FBeta.class, "weight beta", beta);
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.fBeta(beta);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return described("beta", beta, null, "average", average(), null);
    }
}
