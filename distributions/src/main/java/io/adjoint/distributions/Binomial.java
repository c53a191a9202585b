package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.RejectionSampling;
import java.util.random.RandomGenerator;

/**
 * The binomial distribution of the number k of successes in n trials, of probability {@code n!/(k!·(n − k)!)·pᵏ·(1 − p)^(n − k)}.
 */
@CheckReturnValue
public final class Binomial extends SuccessFamily {
    private final Tensor totalCount;

    private Binomial(Params params, Tensor totalCount, Odds odds) {
        super(odds.broadcast(params.shape()));
        this.totalCount = params.broadcast(totalCount);
    }

    /**
     * The distributions of the probabilities, which broadcast with the total counts.
     *
     * @param totalCount the numbers n of trials, integers from 0 on in the dtype of the other parameter
     * @param probs the probabilities p, from 0 to 1
     * @throws IllegalArgumentException if a parameter is not such a number
     */
    public static Binomial ofProbs(Tensor totalCount, Tensor probs) {
        Params params = new Params(Binomial.class)
                .with("totalCount", totalCount, Constraint.COUNT)
                .with("probs", probs, Constraint.UNIT_INTERVAL);
        return new Binomial(params, totalCount, new Odds.OfProbs(probs));
    }

    /** A single distribution in FLOAT64. */
    public static Binomial ofProbs(double totalCount, double probs) {
        return ofProbs(Tensor.scalar(totalCount), Tensor.scalar(probs));
    }

    /** As {@link #ofProbs(Tensor, Tensor)}, with one total count for all. */
    public static Binomial ofProbs(double totalCount, Tensor probs) {
        return ofProbs(Params.number(Binomial.class, totalCount, probs), probs);
    }

    /**
     * The distributions of the logits, which broadcast with the total counts.
     *
     * @param totalCount the numbers n of trials, integers from 0 on in the dtype of the other parameter
     * @param logits the logits {@code log(p/(1 − p))}, of which infinite ones give p = 0 and p = 1
     * @throws IllegalArgumentException if a parameter is not such a number
     */
    public static Binomial ofLogits(Tensor totalCount, Tensor logits) {
        Params params = new Params(Binomial.class)
                .with("totalCount", totalCount, Constraint.COUNT)
                .with("logits", logits, Odds.LOGIT);
        return new Binomial(params, totalCount, new Odds.OfLogits(logits));
    }

    /** A single distribution in FLOAT64. */
    public static Binomial ofLogits(double totalCount, double logits) {
        return ofLogits(Tensor.scalar(totalCount), Tensor.scalar(logits));
    }

    /** As {@link #ofLogits(Tensor, Tensor)}, with one total count for all. */
    public static Binomial ofLogits(double totalCount, Tensor logits) {
        return ofLogits(Params.number(Binomial.class, totalCount, logits), logits);
    }

    /** The numbers n of trials. */
    public Tensor totalCount() {
        return totalCount;
    }

    @Override
    public Constraint support() {
        return Constraint.integers(totalCount);
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(this, odds().dtype(), value, this::logDensity);
    }

    private Tensor logDensity(Tensor k) {
        // The probability that two Poisson numbers are k and n − k, divided by that of their sum: terms that lose no
        // digits.
        Tensor n = totalCount;
        Tensor s = n.detach().clampMin(1);
        Tensor both =
                odds().logGamma(k.add(1), s).add(odds().logGammaOther(n.sub(k).add(1), s));
        return both.sub(Terms.logGamma(n.add(1), s));
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        NdArray p = probs().data();
        NdArray q = odds().others().data();
        return Tensor.of(Draws.draw(
                totalCount.data(), p, q, Terms.shape(this, generator, sizes), generator, RejectionSampling::binomial));
    }

    @Override
    public Tensor mean() {
        return totalCount.mul(probs());
    }

    @Override
    public Tensor variance() {
        return mean().mul(odds().others());
    }

    @Override
    public Tensor mode() {
        return totalCount.add(1).mul(probs()).floor().minimum(totalCount);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, odds().dtype(), "the value", value);
        // P(X ≤ k) = I(1 − p; n − k, k + 1) = 1 − I(p; k + 1, n − k), of which the second has the digits of a small p.
        Tensor k = value.floor().broadcastTo(Shape.broadcast("Binomial", value.shape(), batchShape()));
        Tensor inside = k.ge(0).and(k.lt(totalCount));
        Tensor above = Tensor.where(inside, totalCount.sub(k), 1);
        Tensor from0 = Tensor.where(inside, k, 0).add(1);
        Tensor isUpper = k.ge(mean());
        Tensor tail = Tensor.where(isUpper, from0, above)
                .betainc(Tensor.where(isUpper, above, from0), Tensor.where(isUpper, probs(), odds().others()));
        Tensor outside = Tensor.where(k.isNaN(), k, k.ge(0).to(k.dtype()));
        return Tensor.where(inside, Tensor.where(isUpper, tail.rsub(1), tail), outside);
    }

    @Override
    public String toString() {
        return "Binomial[totalCount=" + totalCount + ", probs=" + probs() + "]";
    }
}
