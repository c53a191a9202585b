package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Distributions;
import java.util.random.RandomGenerator;

/**
 * The exponential distribution, of density {@code λ·e^(−λx)} for x from 0 on.
 *
 * @param rate the rate λ, 1 divided by the mean
 */
@CheckReturnValue
public record Exponential(Tensor rate) implements Distribution {
    /**
     * The exponential distributions of the rates.
     *
     * @throws IllegalArgumentException if a rate is not positive and finite
     */
    public Exponential {
        rate = Params.checked(Exponential.class, "rate", rate, Constraint.POSITIVE);
    }

    /** A single distribution in FLOAT64. */
    public Exponential(double rate) {
        this(Tensor.scalar(rate));
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.NON_NEGATIVE;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(this, rate.dtype(), value, x -> rate.log().sub(rate.mul(x)));
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Tensor e = Draws.standard(
                rate.dtype(), Terms.shape(this, generator, sizes), generator, Distributions::exponential);
        return e.div(rate);
    }

    @Override
    public Tensor mean() {
        return rate.reciprocal();
    }

    @Override
    public Tensor variance() {
        return rate.reciprocal().square();
    }

    @Override
    public Tensor mode() {
        return Tensor.zerosLike(rate);
    }

    @Override
    public Tensor entropy() {
        return rate.log().rsub(1);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, rate.dtype(), "the value", value);
        return Terms.product(rate, value.clampMin(0)).neg().expm1().neg();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, rate.dtype(), probability);
        return probability.neg().log1p().neg().div(rate);
    }
}
