package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The half-normal distribution: the absolute value of a normal number of mean 0, of density {@code √(2/π)·e^(−x²/(2σ²))/σ} for x from 0 on.
 *
 * @param scale the standard deviation σ of the normal number
 */
@CheckReturnValue
public record HalfNormal(Tensor scale) implements Distribution {
    /**
     * The half-normal distributions of the scales.
     *
     * @throws IllegalArgumentException if a scale is not positive and finite
     */
    public HalfNormal {
        scale = Params.checked(HalfNormal.class, "scale", scale, Constraint.POSITIVE);
    }

    /** A single distribution in FLOAT64. */
    public HalfNormal(double scale) {
        this(Tensor.scalar(scale));
    }

    @Override
    public Shape batchShape() {
        return scale.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.NON_NEGATIVE;
    }

    @Override
    public Tensor logProb(Tensor value) {
        Tensor zero = Terms.constant(scale.dtype(), 0);
        return Terms.logDensity(
                this,
                scale.dtype(),
                value,
                x -> Normal.logDensity(zero, scale, x).add(Terms.LOG_2));
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Shape shape = Terms.shape(this, generator, sizes);
        return scale.mul(Tensor.randn(scale.dtype(), shape, generator).abs());
    }

    @Override
    public Tensor mean() {
        return scale.mul(Math.sqrt(2 / Math.PI));
    }

    @Override
    public Tensor variance() {
        return scale.square().mul(1 - 2 / Math.PI);
    }

    @Override
    public Tensor mode() {
        return Tensor.zerosLike(scale);
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(0.5 + Terms.HALF_LOG_2PI - Terms.LOG_2);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, scale.dtype(), "the value", value);
        return Terms.quotient(value.clampMin(0), scale).mul(Math.sqrt(0.5)).erf();
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, scale.dtype(), probability);
        return scale.mul(probability.erfinv().mul(Math.sqrt(2)));
    }
}
