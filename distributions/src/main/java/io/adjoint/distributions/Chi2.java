package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The chi-squared distribution: the gamma distribution of shape {@code ν/2} and rate ½.
 *
 * @param df the degrees of freedom ν
 */
@CheckReturnValue
public record Chi2(Tensor df) implements Distribution {
    /**
     * The chi-squared distributions of the degrees of freedom.
     *
     * @throws IllegalArgumentException if a number of degrees is not positive and finite
     */
    public Chi2 {
        df = Params.checked(Chi2.class, "df", df, Constraint.POSITIVE);
    }

    /** A single distribution in FLOAT64. */
    public Chi2(double df) {
        this(Tensor.scalar(df));
    }

    @Override
    public Shape batchShape() {
        return df.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.NON_NEGATIVE;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(
                this, df.dtype(), value, x -> Gamma.logDensity(shape(), Terms.constant(df.dtype(), 0.5), x));
    }

    private Tensor shape() {
        return df.mul(0.5);
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return ImplicitSamples.gamma(shape(), Terms.shape(this, generator, sizes), generator)
                .mul(2);
    }

    @Override
    public Tensor mean() {
        return df;
    }

    @Override
    public Tensor variance() {
        return df.mul(2);
    }

    @Override
    public Tensor mode() {
        return df.sub(2).relu();
    }

    @Override
    public Tensor entropy() {
        return Gamma.entropy(shape(), Terms.constant(df.dtype(), 0.5));
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, df.dtype(), "the value", value);
        return Terms.aboveZero(value, x -> shape().igamma(x.mul(0.5)));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, df.dtype(), probability);
        return shape().igammaInv(probability).mul(2);
    }
}
