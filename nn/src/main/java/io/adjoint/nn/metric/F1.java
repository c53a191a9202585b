package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** The harmonic mean of precision and recall of a class: 2·TP / (2·TP + FP + FN). See {@link ClassScore}. */
public final class F1 extends ClassScore {
    /** The F1 score averaged over classes; for scores of one class the threshold is ½, that of probabilities. */
    public F1(Average average) {
        this(average, 0.5);
    }

    /** The F1 score with another threshold for scores of one class: 0 for logits. */
    public F1(Average average, double threshold) {
        super(average, threshold);
    }

    @Override
    @CanIgnoreReturnValue
    public F1 multiLabel() {
        super.multiLabel();
        return this;
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.fBeta(1);
    }
}
