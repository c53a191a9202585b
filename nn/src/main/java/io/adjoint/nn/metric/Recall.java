package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** The fraction of a class's targets that are predicted right: TP / (TP + FN). See {@link ClassScore}. */
public final class Recall extends ClassScore {
    /** The recall averaged over classes; for scores of one class the threshold is ½, that of probabilities. */
    public Recall(Average average) {
        this(average, 0.5);
    }

    /** The recall with another threshold for scores of one class: 0 for logits. */
    public Recall(Average average, double threshold) {
        super(average, threshold);
    }

    @Override
    @CanIgnoreReturnValue
    public Recall multiLabel() {
        super.multiLabel();
        return this;
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.recall();
    }
}
