package io.adjoint.nn.metric;

/**
 * The area under the receiver operating characteristic: the probability that a sample of the class has a larger score than one of the
 * rest, where equal scores count half. NaN if there are no samples of a class, or no others. See {@link RankingMetric}.
 */
public final class RocAuc extends RankingMetric<RocAuc, RocCurve> {
    /** The area of no samples yet. */
    public RocAuc() {}

    @Override
    RocCurve curve(Ranking ranking) {
        return new RocCurve(ranking);
    }

    @Override
    double of(RocCurve curve) {
        return curve.area();
    }
}
