package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.math.RejectionSampling;
import java.util.random.RandomGenerator;

/**
 * The negative binomial distribution of the number k of successes before the r-th failure, of probability {@code Γ(k +
 * r)/(k!·Γ(r))·pᵏ·(1 − p)^r}. As in PyTorch, p is the probability of a success, which is counted; SciPy's p is 1 − p.
 */
@CheckReturnValue
public final class NegativeBinomial extends SuccessFamily {
    private static final Constraint BELOW_1 =
            Constraint.of("from 0 and below 1", x -> x >= 0 && x < 1, Bijection::sigmoid);
    private static final Constraint BELOW_INFINITY =
            Constraint.of("a number below Infinity", x -> x < Double.POSITIVE_INFINITY, Bijection::identity);

    private final Tensor totalCount;

    private NegativeBinomial(Params params, Tensor totalCount, Odds odds) {
        super(odds.broadcast(params.shape()));
        this.totalCount = params.broadcast(totalCount);
    }

    /**
     * The distributions of the probabilities, which broadcast with the total counts.
     *
     * @param totalCount the numbers r of failures, positive, also between integers
     * @param probs the probabilities p of a success, from 0 and below 1
     * @throws IllegalArgumentException if a parameter is not such a number
     */
    public static NegativeBinomial ofProbs(Tensor totalCount, Tensor probs) {
        Params params = new Params(NegativeBinomial.class)
                .with("totalCount", totalCount, Constraint.POSITIVE)
                .with("probs", probs, BELOW_1);
        return new NegativeBinomial(params, totalCount, new Odds.OfProbs(probs));
    }

    /** A single distribution in FLOAT64. */
    public static NegativeBinomial ofProbs(double totalCount, double probs) {
        return ofProbs(Tensor.scalar(totalCount), Tensor.scalar(probs));
    }

    /** As {@link #ofProbs(Tensor, Tensor)}, with one total count for all. */
    public static NegativeBinomial ofProbs(double totalCount, Tensor probs) {
        return ofProbs(Params.number(NegativeBinomial.class, totalCount, probs), probs);
    }

    /**
     * The distributions of the logits, which broadcast with the total counts.
     *
     * @param totalCount the numbers r of failures, positive, also between integers
     * @param logits the logits {@code log(p/(1 − p))}, of which −∞ gives p = 0, and +∞ is refused
     * @throws IllegalArgumentException if a parameter is not such a number
     */
    public static NegativeBinomial ofLogits(Tensor totalCount, Tensor logits) {
        Params params = new Params(NegativeBinomial.class)
                .with("totalCount", totalCount, Constraint.POSITIVE)
                .with("logits", logits, BELOW_INFINITY);
        return new NegativeBinomial(params, totalCount, new Odds.OfLogits(logits));
    }

    /** A single distribution in FLOAT64. */
    public static NegativeBinomial ofLogits(double totalCount, double logits) {
        return ofLogits(Tensor.scalar(totalCount), Tensor.scalar(logits));
    }

    /** As {@link #ofLogits(Tensor, Tensor)}, with one total count for all. */
    public static NegativeBinomial ofLogits(double totalCount, Tensor logits) {
        return ofLogits(Params.number(NegativeBinomial.class, totalCount, logits), logits);
    }

    /** The numbers r of failures. */
    public Tensor totalCount() {
        return totalCount;
    }

    @Override
    public Constraint support() {
        return Constraint.COUNT;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(this, odds().dtype(), value, this::logDensity);
    }

    private Tensor logDensity(Tensor k) {
        // As Binomial, of k successes in k + r trials, times the probability r/(k + r) that a failure is the last one.
        Tensor r = totalCount;
        Tensor all = k.add(r);
        Tensor s = all.detach();
        Tensor both = odds().logGamma(k.add(1), s).add(odds().logGammaOther(r.add(1), s));
        return both.sub(Terms.logGamma(all.add(1), s)).sub(k.div(r).log1p());
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        NdArray p = probs().data();
        NdArray q = odds().others().data();
        return Tensor.of(Draws.draw(
                totalCount.data(), p, q, Terms.shape(this, generator, sizes), generator, NegativeBinomial::number));
    }

    private static double number(double r, double p, double q, RandomGenerator generator) {
        // A Poisson number whose mean is a gamma number.
        return RejectionSampling.poisson(RejectionSampling.gamma(r, generator) * (p / q), generator);
    }

    @Override
    public Tensor mean() {
        return totalCount.mul(probs().div(odds().others()));
    }

    @Override
    public Tensor variance() {
        return mean().div(odds().others());
    }

    @Override
    public Tensor mode() {
        return totalCount.sub(1).relu().mul(probs().div(odds().others())).floor();
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, odds().dtype(), "the value", value);
        // P(X ≤ k) = I(1 − p; r, k + 1)
        Tensor k = value.floor();
        Tensor upTo = totalCount.betainc(k.clampMin(0).add(1), odds().others());
        return Tensor.where(k.lt(0), 0, upTo);
    }

    @Override
    public String toString() {
        return "NegativeBinomial[totalCount=" + totalCount + ", probs=" + probs() + "]";
    }
}
