package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** The fraction of other classes' targets that are not predicted as a class: TN / (TN + FP). See {@link ClassScore}. */
public final class Specificity extends ClassScore {
    /** The specificity averaged over classes; for scores of one class the threshold is ½, that of probabilities. */
    public Specificity(Average average) {
        this(average, 0.5);
    }

    /** The specificity with another threshold for scores of one class: 0 for logits. */
    public Specificity(Average average, double threshold) {
        super(average, threshold);
    }

    @Override
    @CanIgnoreReturnValue
    public Specificity multiLabel() {
        super.multiLabel();
        return this;
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.specificity();
    }
}
