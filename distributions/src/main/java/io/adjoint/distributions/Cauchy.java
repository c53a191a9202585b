package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Distributions;
import java.util.random.RandomGenerator;

/**
 * The Cauchy distribution, of density {@code 1/(πγ·(1 + z²))} for {@code z = (x − x₀)/γ}. It has no mean and no variance.
 *
 * @param loc the median x₀
 * @param scale the half width γ at half the maximum
 */
@CheckReturnValue
public record Cauchy(Tensor loc, Tensor scale) implements Distribution {
    /**
     * The Cauchy distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a median is not finite, or a scale is not positive and finite
     */
    public Cauchy {
        Params params =
                new Params(Cauchy.class).with("loc", loc, Constraint.REAL).with("scale", scale, Constraint.POSITIVE);
        loc = params.broadcast(loc);
        scale = params.broadcast(scale);
    }

    /** A single distribution in FLOAT64. */
    public Cauchy(double loc, double scale) {
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
        Tensor front = scale.log().add(Terms.LOG_PI).neg();
        return Terms.logDensity(
                this,
                loc.dtype(),
                value,
                x -> front.sub(Terms.log1pSquare(x.sub(loc).div(scale))));
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return loc.add(number(scale, Terms.shape(this, generator, sizes), generator));
    }

    /** Numbers of median 0. */
    static Tensor number(Tensor scale, Shape shape, RandomGenerator generator) {
        return scale.mul(Draws.standard(
                scale.dtype(), shape, generator, g -> StrictMath.tan(Math.PI * (Distributions.openUniform(g) - 0.5))));
    }

    @Override
    public Tensor mean() {
        return Tensor.fullLike(loc, Double.NaN);
    }

    @Override
    public Tensor mode() {
        return loc;
    }

    @Override
    public Tensor variance() {
        return Tensor.fullLike(loc, Double.NaN);
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(2 * Terms.LOG_2 + Terms.LOG_PI);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, loc.dtype(), "the value", value);
        // At infinity a second derivative of atan2 is NaN.
        return Terms.flat(value, Terms.standard(value, loc, scale).isInf(), loc, x -> {
            Tensor z = Terms.standard(x, loc, scale);
            return Tensor.onesLike(z).atan2(z.neg()).div(Math.PI);
        });
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, loc.dtype(), probability);
        Tensor z = Tensor.where(
                probability.lt(0.5),
                probability,
                Cauchy::cotangent,
                p -> cotangent(p.rsub(1)).neg());
        return loc.add(scale.mul(z));
    }

    /** {@code −cot πp}, the quantile of a p up to ½. */
    private static Tensor cotangent(Tensor p) {
        return p.mul(Math.PI).tan().reciprocal().neg();
    }
}
