package io.adjoint.nn.metric;

/** The mean of the recalls of all classes that have targets: the accuracy as if each class had as many. See {@link AgreementScore}. */
public final class BalancedAccuracy extends AgreementScore<BalancedAccuracy> {
    /** For scores of one class a threshold of ½, for probabilities. */
    public BalancedAccuracy() {}

    /** The balanced accuracy of logits: for scores of one class the threshold is 0. */
    public static BalancedAccuracy ofLogits() {
        return new BalancedAccuracy().threshold(0);
    }

    @Override
    double score(ClassTable table) {
        return table.mean(ClassCounts::recall, c -> table.counts(c).actual() > 0 ? 1 : 0);
    }
}
