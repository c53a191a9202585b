package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/**
 * The mean of the precisions at each threshold, weighted by how much the recall grows there: {@code Σ (Rₙ − Rₙ₋₁)·Pₙ} over the
 * distinct scores, from the largest on. 0 for a class without samples. See {@link RankingMetric}.
 */
public final class AveragePrecision extends RankingMetric {
    /** The precision of no samples yet. */
    public AveragePrecision() {}

    @Override
    @CanIgnoreReturnValue
    public AveragePrecision multiLabel() {
        super.multiLabel();
        return this;
    }

    @Override
    double of(Ranking ranking) {
        return new PrecisionRecallCurve(ranking).averagePrecision();
    }

    /**
     * The curve of the scores of class 1.
     *
     * @throws IllegalStateException if there are no predictions yet, or scores of several classes
     */
    public PrecisionRecallCurve curve() {
        return new PrecisionRecallCurve(ranking());
    }

    /**
     * The curve of a class against the rest, or of a label.
     *
     * @throws IllegalArgumentException if there is no such class or label
     * @throws IllegalStateException if there are no predictions yet
     */
    public PrecisionRecallCurve curve(int index) {
        return new PrecisionRecallCurve(rankingOf(index));
    }
}
