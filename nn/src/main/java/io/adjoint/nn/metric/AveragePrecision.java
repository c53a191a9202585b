package io.adjoint.nn.metric;

/**
 * The mean of the precisions at each threshold, weighted by how much the recall grows there: {@code Σ (Rₙ − Rₙ₋₁)·Pₙ} over the
 * distinct scores, from the largest on. 0 for a class without samples. See {@link RankingMetric}.
 */
public final class AveragePrecision extends RankingMetric<AveragePrecision, PrecisionRecallCurve> {
    /** The precision of no samples yet. */
    public AveragePrecision() {}

    @Override
    PrecisionRecallCurve curve(Ranking ranking) {
        return new PrecisionRecallCurve(ranking);
    }

    @Override
    double of(PrecisionRecallCurve curve) {
        return curve.averagePrecision();
    }
}
