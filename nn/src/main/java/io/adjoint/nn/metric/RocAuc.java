package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/**
 * The area under the receiver operating characteristic: the probability that a sample of the class has a larger score than one of the
 * rest, where equal scores count half. NaN if there are no samples of a class, or no others. See {@link RankingMetric}.
 */
public final class RocAuc extends RankingMetric {
    /** The area of no samples yet. */
    public RocAuc() {}

    @Override
    @CanIgnoreReturnValue
    public RocAuc multiLabel() {
        super.multiLabel();
        return this;
    }

    @Override
    double of(Ranking ranking) {
        return new RocCurve(ranking).area();
    }

    /**
     * The curve of the scores of class 1.
     *
     * @throws IllegalStateException if there are no predictions yet, or scores of several classes
     */
    public RocCurve curve() {
        return new RocCurve(ranking());
    }

    /**
     * The curve of a class against the rest, or of a label.
     *
     * @throws IllegalArgumentException if there is no such class or label
     * @throws IllegalStateException if there are no predictions yet
     */
    public RocCurve curve(int index) {
        return new RocCurve(rankingOf(index));
    }
}
