package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.math.RejectionSampling;
import java.util.random.RandomGenerator;

/**
 * The geometric distribution of the number k of failures before the first success, of probability {@code (1 − p)ᵏ·p}.
 */
@CheckReturnValue
public final class Geometric extends SuccessFamily {
    private static final Constraint OPEN =
            Constraint.of("above 0 and up to 1", x -> x > 0 && x <= 1, Bijection::sigmoid);
    private static final Constraint FROM_ABOVE_0 =
            Constraint.of("a number above -Infinity", x -> x > Double.NEGATIVE_INFINITY, Bijection::identity);

    private Geometric(Odds odds) {
        super(odds);
    }

    /**
     * The distributions of the probabilities.
     *
     * @param probs the probabilities p of a success, above 0 and up to 1
     * @throws IllegalArgumentException if a parameter is not such a number
     */
    public static Geometric ofProbs(Tensor probs) {
        Tensor checked = Params.checked(Geometric.class, "probs", probs, OPEN);
        return new Geometric(new Odds.OfProbs(checked));
    }

    /** A single distribution in FLOAT64. */
    public static Geometric ofProbs(double probs) {
        return ofProbs(Tensor.scalar(probs));
    }

    /**
     * The distributions of the logits.
     *
     * @param logits the logits {@code log(p/(1 − p))}, of which +∞ gives p = 1, and −∞ is refused
     * @throws IllegalArgumentException if a parameter is not such a number
     */
    public static Geometric ofLogits(Tensor logits) {
        Tensor checked = Params.checked(Geometric.class, "logits", logits, FROM_ABOVE_0);
        return new Geometric(new Odds.OfLogits(checked));
    }

    /** A single distribution in FLOAT64. */
    public static Geometric ofLogits(double logits) {
        return ofLogits(Tensor.scalar(logits));
    }

    @Override
    public Constraint support() {
        return Constraint.COUNT;
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor last = odds().timesLog(odds().one());
        return Terms.logDensity(
                this, odds().dtype(), value, k -> odds().timesLogOther(k).add(last));
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        return Tensor.of(Draws.draw(
                probs().data(), Terms.shape(this, generator, sizes), generator, RejectionSampling::geometric));
    }

    @Override
    public Tensor mean() {
        return odds().others().div(probs());
    }

    @Override
    public Tensor variance() {
        return mean().div(probs());
    }

    @Override
    public Tensor mode() {
        return Tensor.zerosLike(probs());
    }

    @Override
    public Tensor entropy() {
        return odds().entropy().div(probs());
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, odds().dtype(), "the value", value);
        Tensor trials = value.floor().add(1).clampMin(0);
        return odds().timesLogOther(trials).expm1().rsub(0);
    }
}
