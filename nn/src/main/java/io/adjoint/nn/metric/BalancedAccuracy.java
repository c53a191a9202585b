package io.adjoint.nn.metric;

/** The mean of the recalls of all classes that have targets: the accuracy as if each class had as many. See {@link AgreementScore}. */
public final class BalancedAccuracy extends AgreementScore<BalancedAccuracy> {
    /** For scores of one class a threshold of ½, for probabilities. */
    public BalancedAccuracy() {}

    @Override
    double score(ClassTable table) {
        return table.mean(ClassCounts::recall, c -> table.counts(c).actual() > 0 ? 1 : 0);
    }
}
