package io.adjoint.distributions;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.random.RandomGenerator;

/**
 * The Bernoulli distribution of 0 and 1, which is 1 with probability p.
 */
@CheckReturnValue
public final class Bernoulli extends SuccessFamily {
    private Bernoulli(Odds odds) {
        super(odds);
    }

    /**
     * The distributions of the probabilities.
     *
     * @param probs the probabilities p, from 0 to 1
     * @throws IllegalArgumentException if a parameter is not such a number
     */
    public static Bernoulli ofProbs(Tensor probs) {
        Tensor checked = Params.checked(Bernoulli.class, "probs", probs, Constraint.UNIT_INTERVAL);
        return new Bernoulli(new Odds.OfProbs(checked));
    }

    /** A single distribution in FLOAT64. */
    public static Bernoulli ofProbs(double probs) {
        return ofProbs(Tensor.scalar(probs));
    }

    /**
     * The distributions of the logits.
     *
     * @param logits the logits {@code log(p/(1 − p))}, of which infinite ones give p = 0 and p = 1
     * @throws IllegalArgumentException if a parameter is not such a number
     */
    public static Bernoulli ofLogits(Tensor logits) {
        Tensor checked = Params.checked(Bernoulli.class, "logits", logits, Odds.LOGIT);
        return new Bernoulli(new Odds.OfLogits(checked));
    }

    /** A single distribution in FLOAT64. */
    public static Bernoulli ofLogits(double logits) {
        return ofLogits(Tensor.scalar(logits));
    }

    @Override
    public Constraint support() {
        return Constraint.BOOLEAN;
    }

    /**
     * The logarithm of the probability of each value.
     *
     * @param value 0 and 1 in the parameters' dtype, or BOOL; broadcasts with the batch
     * @throws IllegalArgumentException if a value is neither 0 nor 1
     */
    @Override
    public Tensor logProb(Tensor value) {
        DType dtype = odds().dtype();
        Tensor given = value != null && value.dtype() == DType.BOOL ? value.to(dtype) : value;
        Terms.requireSupported(this, dtype, given);
        Tensor log = odds().logOf(given);
        // The slope of v·log p + (1 − v)·log(1 − p)
        return given.requiresGrad()
                ? op("bernoulli", log.data(), edge(log, g -> g), edge(given, g -> g.mul(logits())))
                : log;
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        return Autograd.noGrad(
                () -> Tensor.bernoulli(probs().broadcastTo(Terms.shape(this, generator, sizes)), generator));
    }

    @Override
    public Tensor mean() {
        return probs();
    }

    @Override
    public Tensor variance() {
        return probs().mul(odds().others());
    }

    @Override
    public Tensor mode() {
        Tensor p = probs();
        return Tensor.where(p.eq(0.5), Double.NaN, p.gt(0.5).to(p.dtype()));
    }

    @Override
    public Tensor entropy() {
        return odds().entropy();
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, odds().dtype(), "the value", value);
        Tensor q = odds().others();
        Tensor below = Tensor.where(value.lt(0), 0, Tensor.where(value.isNaN(), value, q));
        return Tensor.where(value.ge(1), 1, below);
    }
}
