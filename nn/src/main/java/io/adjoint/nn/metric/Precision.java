package io.adjoint.nn.metric;

/** The fraction of a class's predictions that are right: TP / (TP + FP). See {@link ClassScore}. */
public final class Precision extends ClassScore<Precision> {
    /** The precision averaged over classes; for scores of one class the threshold is ½, for probabilities. */
    public Precision(Average average) {
        super(average);
    }

    @Override
    protected double score(ClassCounts counts) {
        return counts.precision();
    }
}
