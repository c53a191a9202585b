package io.adjoint.nn.metric;

/** The fraction of other classes' targets that are not predicted as a class: TN / (TN + FP). See {@link ClassScore}. */
public final class Specificity extends ClassScore<Specificity> {
    /** The specificity averaged over classes; for scores of one class the threshold is ½, for probabilities. */
    public Specificity(Average average) {
        super(average);
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.specificity();
    }
}
