package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** The fraction of a class's predictions that are right: TP / (TP + FP). See {@link ClassScore}. */
public final class Precision extends ClassScore {
    /** The precision averaged over classes; for scores of one class the threshold is ½, that of probabilities. */
    public Precision(Average average) {
        this(average, 0.5);
    }

    /** The precision with another threshold for scores of one class: 0 for logits. */
    public Precision(Average average, double threshold) {
        super(average, threshold);
    }

    @Override
    @CanIgnoreReturnValue
    public Precision multiLabel() {
        super.multiLabel();
        return this;
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.precision();
    }
}
