package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.math.RejectionSampling;
import java.util.random.RandomGenerator;

/**
 * The Poisson distribution of counts, of probability {@code λᵏ·e^(−λ)/k!} for the integers k from 0 on.
 *
 * @param rate the mean λ
 */
@CheckReturnValue
public record Poisson(Tensor rate) implements Distribution {
    /**
     * The Poisson distributions of the rates.
     *
     * @throws IllegalArgumentException if a rate is negative or not finite
     */
    public Poisson {
        rate = Params.checked(Poisson.class, "rate", rate, Constraint.NON_NEGATIVE);
    }

    /** A single distribution in FLOAT64. */
    public Poisson(double rate) {
        this(Tensor.scalar(rate));
    }

    @Override
    public Shape batchShape() {
        return rate.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.COUNT;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(this, rate.dtype(), value, k -> Terms.logGamma(k.add(1), rate));
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        return Tensor.of(
                Draws.draw(rate.data(), Terms.shape(this, generator, sizes), generator, RejectionSampling::poisson));
    }

    @Override
    public Tensor mean() {
        return rate;
    }

    @Override
    public Tensor variance() {
        return rate;
    }

    @Override
    public Tensor mode() {
        return rate.floor();
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, rate.dtype(), "the value", value);
        Tensor k = value.floor().clampMin(-1);
        Tensor upTo = k.clampMin(0).add(1).igammac(rate);
        return Tensor.where(k.lt(0), 0, upTo);
    }
}
