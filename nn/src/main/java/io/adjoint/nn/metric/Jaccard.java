package io.adjoint.nn.metric;

/**
 * The size of the intersection of a class's predictions and targets, divided by the size of their union: TP / (TP + FP + FN). See {@link
 * ClassScore}.
 */
public final class Jaccard extends ClassScore<Jaccard> {
    /** The Jaccard index averaged over classes; for scores of one class the threshold is ½, for probabilities. */
    public Jaccard(Average average) {
        super(average);
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.jaccard();
    }
}
