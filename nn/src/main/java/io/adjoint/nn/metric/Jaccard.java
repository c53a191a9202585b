package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/**
 * The size of the intersection of a class's predictions and targets, divided by that of their union: TP / (TP + FP + FN). See
 * {@link ClassScore}.
 */
public final class Jaccard extends ClassScore {
    /** The Jaccard index averaged over classes; for scores of one class the threshold is ½, that of probabilities. */
    public Jaccard(Average average) {
        this(average, 0.5);
    }

    /** The Jaccard index with another threshold for scores of one class: 0 for logits. */
    public Jaccard(Average average, double threshold) {
        super(average, threshold);
    }

    @Override
    @CanIgnoreReturnValue
    public Jaccard multiLabel() {
        super.multiLabel();
        return this;
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.jaccard();
    }
}
