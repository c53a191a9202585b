package io.adjoint.nn.metric;

/** The harmonic mean of precision and recall of a class: 2·TP / (2·TP + FP + FN). See {@link ClassScore}. */
public final class F1 extends ClassScore<F1> {
    /** The F1 score averaged over classes; for scores of one class the threshold is ½, for probabilities. */
    public F1(Average average) {
        super(average);
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.fBeta(1);
    }
}
