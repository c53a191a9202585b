package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The log-normal distribution: the exponential of a normal number.
 *
 * @param loc the mean μ of the logarithm
 * @param scale the standard deviation σ of the logarithm
 */
@CheckReturnValue
public record LogNormal(Tensor loc, Tensor scale) implements Distribution {
    /**
     * The log-normal distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a mean is not finite, or a scale is not positive and finite
     */
    public LogNormal {
        Params params =
                new Params(LogNormal.class).with("loc", loc, Constraint.REAL).with("scale", scale, Constraint.POSITIVE);
        loc = params.broadcast(loc);
        scale = params.broadcast(scale);
    }

    /** A single distribution in FLOAT64. */
    public LogNormal(double loc, double scale) {
        this(Tensor.scalar(loc), Tensor.scalar(scale));
    }

    @Override
    public Shape batchShape() {
        return loc.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.POSITIVE;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(this, loc.dtype(), value, x -> {
            Tensor log = x.log();
            return Normal.logDensity(loc, scale, log).sub(log);
        });
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return Normal.number(loc, scale, Terms.shape(this, generator, sizes), generator)
                .exp();
    }

    @Override
    public Tensor mean() {
        return loc.add(scale.square().mul(0.5)).exp();
    }

    @Override
    public Tensor variance() {
        Tensor square = scale.square();
        return square.expm1().mul(loc.mul(2).add(square).exp());
    }

    @Override
    public Tensor mode() {
        return loc.sub(scale.square()).exp();
    }

    @Override
    public Tensor entropy() {
        return loc.add(scale.log()).add(0.5 + Terms.HALF_LOG_2PI);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, loc.dtype(), "the value", value);
        return Terms.standard(Terms.log(value.clampMin(0)), loc, scale).ndtr();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, loc.dtype(), probability);
        return loc.add(scale.mul(probability.ndtri())).exp();
    }
}
