package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Distributions;
import java.util.random.RandomGenerator;

/**
 * The Laplace distribution, of density {@code e^(−|x − μ|/b)/(2b)}.
 *
 * @param loc the mean μ
 * @param scale the scale b
 */
@CheckReturnValue
public record Laplace(Tensor loc, Tensor scale) implements Distribution {
    /**
     * The Laplace distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a mean is not finite, or a scale is not positive and finite
     */
    public Laplace {
        Params params =
                new Params(Laplace.class).with("loc", loc, Constraint.REAL).with("scale", scale, Constraint.POSITIVE);
        loc = params.broadcast(loc);
        scale = params.broadcast(scale);
    }

    /** A single distribution in FLOAT64. */
    public Laplace(double loc, double scale) {
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
        Tensor front = scale.log().add(Terms.LOG_2).neg();
        return Terms.logDensity(
                this, loc.dtype(), value, x -> front.sub(x.sub(loc).div(scale).abs()));
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Tensor z = Draws.standard(loc.dtype(), Terms.shape(this, generator, sizes), generator, Laplace::number);
        return loc.add(scale.mul(z));
    }

    private static double number(RandomGenerator generator) {
        // The lowest bit of a long, which the exponential number does not use, is the sign.
        long bits = generator.nextLong();
        double size = Distributions.exponential(() -> bits);
        return (bits & 1) == 0 ? size : -size;
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
        return scale.square().mul(2);
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(1 + Terms.LOG_2);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, loc.dtype(), "the value", value);
        Tensor z = Terms.standard(value, loc, scale);
        Tensor tail = Tensor.where(z.lt(0), z, z.neg()).exp().mul(0.5);
        return Tensor.where(z.lt(0), tail, tail.rsub(1));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, loc.dtype(), probability);
        Tensor z = Tensor.where(
                probability.lt(0.5),
                probability,
                p -> p.mul(2).log(),
                p -> p.rsub(1).mul(2).log().neg());
        return loc.add(scale.mul(z));
    }
}
