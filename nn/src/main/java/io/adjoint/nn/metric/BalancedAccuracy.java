package io.adjoint.nn.metric;

/** The mean of the recalls of all classes that have targets: the accuracy as if each class had as many. See {@link AgreementScore}. */
public final class BalancedAccuracy extends AgreementScore {
    /** For scores of one class a threshold of ½, that of probabilities. */
    public BalancedAccuracy() {
        this(0.5);
    }

    /** With another threshold for scores of one class: 0 for logits. */
    public BalancedAccuracy(double threshold) {
        super(threshold);
    }

    @Override
    double score(ClassTable table) {
        return table.mean(ClassCounts::recall, c -> table.counts(c).actual() > 0 ? 1 : 0);
    }
}
