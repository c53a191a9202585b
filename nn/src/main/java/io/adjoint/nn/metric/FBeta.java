package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.nn.Settings;

/**
 * The weighted harmonic mean of precision and recall of a class, {@code (1 + β²)·P·R / (β²·P + R)}: β above 1 favours recall, below 1
 * precision. See {@link ClassScore}.
 */
public final class FBeta extends ClassScore {
    private final double beta;

    /**
     * The F score of β averaged over classes; for scores of one class the threshold is ½, that of probabilities.
     *
     * @throws IllegalArgumentException if β is not positive and finite
     */
    public FBeta(double beta, Average average) {
        this(beta, average, 0.5);
    }

    /**
     * The F score of β with another threshold for scores of one class: 0 for logits.
     *
     * @throws IllegalArgumentException if β is not positive and finite
     */
    public FBeta(double beta, Average average, double threshold) {
        super(average, threshold);
        this.beta = Settings.requirePositive(FBeta.class, "weight beta", beta);
    }

    @Override
    @CanIgnoreReturnValue
    public FBeta multiLabel() {
        super.multiLabel();
        return this;
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
