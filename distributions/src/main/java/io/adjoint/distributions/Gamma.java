package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The gamma distribution, of density {@code β^α·x^(α − 1)·e^(−βx)/Γ(α)} for x from 0 on.
 *
 * @param concentration the shape α
 * @param rate the rate β, 1 divided by the scale
 */
@CheckReturnValue
public record Gamma(Tensor concentration, Tensor rate) implements Distribution {
    /**
     * The gamma distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a parameter is not positive and finite
     */
    public Gamma {
        Params params = new Params(Gamma.class)
                .with("concentration", concentration, Constraint.POSITIVE)
                .with("rate", rate, Constraint.POSITIVE);
        concentration = params.broadcast(concentration);
        rate = params.broadcast(rate);
    }

    /** A single distribution in FLOAT64. */
    public Gamma(double concentration, double rate) {
        this(Tensor.scalar(concentration), Tensor.scalar(rate));
    }

    @Override
    public Shape batchShape() {
        return concentration.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.NON_NEGATIVE;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(this, concentration.dtype(), value, x -> logDensity(concentration, rate, x));
    }

    static Tensor logDensity(Tensor concentration, Tensor rate, Tensor value) {
        return Terms.logGamma(concentration, rate.mul(value)).add(rate.log());
    }

    /**
     * {@inheritDoc}
     *
     * <p>The derivative in the shape is {@code −∂F/∂α} of the distribution function F, divided by the density
     * (M. Figurnov, S. Mohamed and A. Mnih, "Implicit reparameterization gradients", 2018).
     */
    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return ImplicitSamples.gamma(concentration, Terms.shape(this, generator, sizes), generator)
                .div(rate)
                .clampMin(Draws.least(rate.dtype()));
    }

    @Override
    public Tensor mean() {
        return concentration.div(rate);
    }

    @Override
    public Tensor variance() {
        return concentration.div(rate.square());
    }

    @Override
    public Tensor mode() {
        return concentration.sub(1).relu().div(rate);
    }

    @Override
    public Tensor entropy() {
        return entropy(concentration, rate);
    }

    static Tensor entropy(Tensor concentration, Tensor rate) {
        // −log f(α) + (α − 1)·(log α − ψ(α)) for the density f of rate 1
        Tensor a = concentration;
        return a.sub(1).mul(Terms.logMinusDigamma(a)).sub(Terms.logGamma(a, a)).sub(rate.log());
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, concentration.dtype(), "the value", value);
        return Terms.aboveZero(value, x -> concentration.igamma(rate.mul(x)));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, concentration.dtype(), probability);
        return concentration.igammaInv(probability).div(rate);
    }
}
