package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The normal distribution, of density {@code e^(−z²/2)/(σ·√(2π))} for {@code z = (x − μ)/σ}.
 *
 * @param loc the mean μ
 * @param scale the standard deviation σ
 */
@CheckReturnValue
public record Normal(Tensor loc, Tensor scale) implements Distribution {
    /**
     * The normal distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a mean is not finite, or a scale is not positive and finite
     */
    public Normal {
        Params params =
                new Params(Normal.class).with("loc", loc, Constraint.REAL).with("scale", scale, Constraint.POSITIVE);
        loc = params.broadcast(loc);
        scale = params.broadcast(scale);
    }

    /** A single distribution in FLOAT64. */
    public Normal(double loc, double scale) {
        this(Tensor.scalar(loc), Tensor.scalar(scale));
    }

    @Override
    public Shape batchShape() {
        return loc.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.REAL;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(this, loc.dtype(), value, x -> logDensity(loc, scale, x));
    }

    static Tensor logDensity(Tensor loc, Tensor scale, Tensor value) {
        Tensor z = value.sub(loc).div(scale);
        return z.square().mul(-0.5).sub(scale.log().add(Terms.HALF_LOG_2PI));
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return number(loc, scale, Terms.shape(this, generator, sizes), generator);
    }

    static Tensor number(Tensor loc, Tensor scale, Shape shape, RandomGenerator generator) {
        Tensor z = Tensor.randn(loc.dtype(), shape, generator);
        return loc.add(scale.mul(z));
    }

    @Override
    public Tensor mean() {
        return loc;
    }

    @Override
    public Tensor mode() {
        return loc;
    }

    @Override
    public Tensor variance() {
        return scale.square();
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(0.5 + Terms.HALF_LOG_2PI);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, loc.dtype(), "the value", value);
        return Terms.standard(value, loc, scale).ndtr();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, loc.dtype(), probability);
        return loc.add(scale.mul(probability.ndtri()));
    }
}
