package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Distributions;
import java.util.random.RandomGenerator;

/**
 * The Weibull distribution of {@code λ·e^(1/k)}, where e is an exponential number, of density
 * {@code (k/λ)·(x/λ)^(k − 1)·e^(−(x/λ)^k)} for x from 0 on.
 *
 * @param scale the scale λ
 * @param concentration the shape k
 */
@CheckReturnValue
public record Weibull(Tensor scale, Tensor concentration) implements Distribution {
    /**
     * The Weibull distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a parameter is not positive and finite
     */
    public Weibull {
        Params params = new Params(Weibull.class)
                .with("scale", scale, Constraint.POSITIVE)
                .with("concentration", concentration, Constraint.POSITIVE);
        scale = params.broadcast(scale);
        concentration = params.broadcast(concentration);
    }

    /** A single distribution in FLOAT64. */
    public Weibull(double scale, double concentration) {
        this(Tensor.scalar(scale), Tensor.scalar(concentration));
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
        Tensor front = concentration.div(scale).log();
        return Terms.logDensity(this, scale.dtype(), value, x -> {
            Tensor r = x.div(scale);
            return front.add(Terms.xlogy(concentration.sub(1), r)).sub(r.pow(concentration));
        });
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Tensor e = Draws.standard(
                scale.dtype(), Terms.shape(this, generator, sizes), generator, Distributions::exponential);
        return scale.mul(e.pow(concentration.reciprocal()));
    }

    @Override
    public Tensor mean() {
        return scale.mul(logMoment(1).exp());
    }

    @Override
    public Tensor variance() {
        Tensor first = logMoment(1);
        Tensor second = logMoment(2);
        // E[x²] − E[x]² as E[x²]·(1 − E[x]²/E[x²])
        return scale.square()
                .mul(second.exp())
                .mul(first.mul(2).sub(second).expm1().neg());
    }

    /** The logarithm of the n-th moment of scale 1: {@code log Γ(1 + n/k)}. */
    private Tensor logMoment(int n) {
        return concentration.rdiv(n).add(1).lgamma();
    }

    @Override
    public Tensor mode() {
        Tensor peak = Tensor.where(concentration.gt(1), concentration.sub(1).div(concentration), 0);
        return scale.mul(peak.pow(concentration.reciprocal()));
    }

    @Override
    public Tensor entropy() {
        Tensor k = concentration;
        return k.reciprocal().rsub(1).mul(Terms.EULER).add(scale.div(k).log()).add(1);
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, scale.dtype(), "the value", value);
        Tensor isFlat = value.le(0).or(value.div(scale).pow(concentration).ge(750));
        return Terms.flat(
                value,
                isFlat,
                scale,
                x -> x.div(scale).pow(concentration).neg().expm1().neg());
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, scale.dtype(), probability);
        return scale.mul(probability.neg().log1p().neg().pow(concentration.reciprocal()));
    }
}
