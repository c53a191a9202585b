package io.adjoint.nn.metric;

/** The fraction of a class's targets that are predicted right: TP / (TP + FN). See {@link ClassScore}. */
public final class Recall extends ClassScore<Recall> {
    /** The recall averaged over classes; for scores of one class the threshold is ½, for probabilities. */
    public Recall(Average average) {
        super(average);
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.recall();
    }
}
