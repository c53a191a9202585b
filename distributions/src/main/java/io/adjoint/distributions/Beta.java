package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * The beta distribution, of density {@code x^(α − 1)·(1 − x)^(β − 1)/B(α, β)} for x from 0 to 1.
 *
 * @param concentration1 the shape α
 * @param concentration0 the shape β
 */
@CheckReturnValue
public record Beta(Tensor concentration1, Tensor concentration0) implements Distribution {
    /**
     * The beta distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a parameter is not positive and finite
     */
    public Beta {
        Params params = new Params(Beta.class)
                .with("concentration1", concentration1, Constraint.POSITIVE)
                .with("concentration0", concentration0, Constraint.POSITIVE);
        concentration1 = params.broadcast(concentration1);
        concentration0 = params.broadcast(concentration0);
    }

    /** A single distribution in FLOAT64. */
    public Beta(double concentration1, double concentration0) {
        this(Tensor.scalar(concentration1), Tensor.scalar(concentration0));
    }

    @Override
    public Shape batchShape() {
        return concentration1.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.UNIT_INTERVAL;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(
                this, concentration1.dtype(), value, x -> logDensity(concentration1, concentration0, x));
    }

    static Tensor logDensity(Tensor a, Tensor b, Tensor value) {
        // If x is a share of a gamma number s, the joint density of both parts is the product of the densities of x and
        // s.
        // So, at any s, the logarithm is the sum of terms that each lose no digits where a and b are large.
        Tensor s = a.add(b).detach().sub(2).clampMin(1);
        Tensor parts = Terms.logGamma(a, s.mul(value)).add(Terms.logGamma(b, s.mul(value.rsub(1))));
        return parts.sub(Terms.logGamma(a.add(b), s)).add(s.log());
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Tensor first = ImplicitSamples.logGamma(concentration1, Terms.shape(this, generator, sizes), generator);
        Tensor second = ImplicitSamples.logGamma(concentration0, Terms.shape(this, generator, sizes), generator);
        DType dtype = concentration1.dtype();
        return first.sub(second).sigmoid().clamp(Draws.least(dtype), 1 - dtype.eps() / 2);
    }

    private Tensor total() {
        return concentration1.add(concentration0);
    }

    @Override
    public Tensor mean() {
        return concentration1.div(total());
    }

    @Override
    public Tensor variance() {
        Tensor mean = mean();
        return mean.mul(concentration0.div(total())).div(total().add(1));
    }

    @Override
    public Tensor mode() {
        Tensor inside = concentration1.gt(1).and(concentration0.gt(1));
        return Tensor.where(inside, concentration1.sub(1).div(total().sub(2)), Double.NaN);
    }

    @Override
    public Tensor entropy() {
        Tensor a = concentration1;
        Tensor b = concentration0;
        // −log f(m) + (α − 1)·(log m − E[log x]) + (β − 1)·(log(1 − m) − E[log(1 − x)]) at the mean m
        Tensor all = Terms.logMinusDigamma(total());
        Tensor first = a.sub(1).mul(Terms.logMinusDigamma(a).sub(all));
        Tensor second = b.sub(1).mul(Terms.logMinusDigamma(b).sub(all));
        return first.add(second).sub(logDensity(a, b, mean()));
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, concentration1.dtype(), "the value", value);
        Tensor isFlat = value.le(0).or(value.ge(1));
        Tensor inner = Terms.constant(value.dtype(), 0.5);
        return Terms.flat(value, isFlat, inner, x -> concentration1.betainc(concentration0, x));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, concentration1.dtype(), probability);
        return concentration1.betaincInv(concentration0, probability);
    }
}
