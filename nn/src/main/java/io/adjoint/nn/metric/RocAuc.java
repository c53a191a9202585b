package io.adjoint.nn.metric;

/**
 * The area under the receiver operating characteristic: the probability that a sample of the class has a larger score than one of the
 * rest, where equal scores count half. NaN if there are no samples of a class, or no others. See {@link RankingMetric}.
 */
public final class RocAuc extends RankingMetric {
    /** The area of no samples yet. */
    public RocAuc() {}

    @Override
    double of(double[] positive, double[] negative) {
        double above = 0;
        double others = 0;
        double pairs = 0;
        for (int group = 0; group < positive.length; group++) {
            pairs += negative[group] * (above + positive[group] / 2);
            above += positive[group];
            others += negative[group];
        }
        return pairs / (above * others);
    }
}
