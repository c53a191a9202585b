package io.adjoint.nn.metric;

/**
 * The mean of the precisions at each threshold, weighted by how much the recall grows there: {@code Σ (Rₙ − Rₙ₋₁)·Pₙ} over the
 * distinct scores, from the largest on. 0 for a class without samples. See {@link RankingMetric}.
 */
public final class AveragePrecision extends RankingMetric {
    /** The precision of no samples yet. */
    public AveragePrecision() {}

    @Override
    double of(double[] positive, double[] negative) {
        double right = 0;
        double predicted = 0;
        double sum = 0;
        for (int group = 0; group < positive.length; group++) {
            right += positive[group];
            predicted += positive[group] + negative[group];
            sum += positive[group] * right / predicted;
        }
        return right == 0 ? 0 : sum / right;
    }
}
