package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The half-Cauchy distribution: the absolute value of a Cauchy number of median 0, of density {@code 2/(πγ·(1 + (x/γ)²))} for x from 0 on.
 *
 * @param scale the median γ
 */
@CheckReturnValue
public record HalfCauchy(Tensor scale) implements Distribution {
    /**
     * The half-Cauchy distributions of the scales.
     *
     * @throws IllegalArgumentException if a scale is not positive and finite
     */
    public HalfCauchy {
        scale = Params.checked(HalfCauchy.class, "scale", scale, Constraint.POSITIVE);
    }

    /** A single distribution in FLOAT64. */
    public HalfCauchy(double scale) {
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
        Tensor front = scale.log().add(Terms.LOG_PI - Terms.LOG_2).neg();
        return Terms.logDensity(this, scale.dtype(), value, x -> front.sub(Terms.log1pSquare(x.div(scale))));
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return Cauchy.number(scale, Terms.shape(this, generator, sizes), generator)
                .abs();
    }

    /** Infinite. */
    @Override
    public Tensor mean() {
        return Tensor.fullLike(scale, Double.POSITIVE_INFINITY);
    }

    /** Infinite. */
    @Override
    public Tensor variance() {
        return mean();
    }

    @Override
    public Tensor mode() {
        return Tensor.zerosLike(scale);
    }

    @Override
    public Tensor entropy() {
        return scale.log().add(Terms.LOG_2 + Terms.LOG_PI);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, scale.dtype(), "the value", value);
        return Terms.aboveZero(value, x -> x.div(scale).atan().mul(2 / Math.PI));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, scale.dtype(), probability);
        return scale.mul(Tensor.where(
                probability.lt(0.5),
                probability,
                p -> p.mul(Math.PI / 2).tan(),
                p -> p.rsub(1).mul(Math.PI / 2).tan().reciprocal()));
    }
}
