package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Distributions;
import java.util.random.RandomGenerator;

/**
 * The Gumbel distribution of largest values, of density {@code e^(−z − e^(−z))/β} for {@code z = (x − μ)/β}.
 *
 * @param loc the mode μ
 * @param scale the scale β
 */
@CheckReturnValue
public record Gumbel(Tensor loc, Tensor scale) implements Distribution {
    /**
     * The Gumbel distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a mode is not finite, or a scale is not positive and finite
     */
    public Gumbel {
        Params params =
                new Params(Gumbel.class).with("loc", loc, Constraint.REAL).with("scale", scale, Constraint.POSITIVE);
        loc = params.broadcast(loc);
        scale = params.broadcast(scale);
    }

    /** A single distribution in FLOAT64. */
    public Gumbel(double loc, double scale) {
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
        return Terms.logDensity(this, loc.dtype(), value, x -> {
            Tensor z = x.sub(loc).div(scale);
            return z.add(z.neg().exp()).neg().sub(scale.log());
        });
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Tensor e =
                Draws.standard(loc.dtype(), Terms.shape(this, generator, sizes), generator, Distributions::exponential);
        return loc.sub(scale.mul(e.log()));
    }

    @Override
    public Tensor mean() {
        return loc.add(scale.mul(Terms.EULER));
    }

    @Override
    public Tensor mode() {
        return loc;
    }

    @Override
    public Tensor variance() {
        return scale.square().mul(Math.PI * Math.PI / 6);
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(1 + Terms.EULER);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, loc.dtype(), "the value", value);
        // Below −7, where the function is 0 to the last digit, e⁻ᶻ would overflow in the end.
        Tensor z = Terms.standard(value, loc, scale).clampMin(-7);
        return z.neg().exp().neg().exp();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, loc.dtype(), probability);
        return loc.sub(scale.mul(probability.log().neg().log()));
    }
}
