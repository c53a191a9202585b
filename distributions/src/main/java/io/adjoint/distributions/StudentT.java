package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/**
 * Student's t distribution, of density {@code Γ((ν + 1)/2)/(Γ(ν/2)·√(νπ)·σ)·(1 + z²/ν)^(−(ν + 1)/2)} for {@code z = (x − μ)/σ}.
 *
 * @param df the degrees of freedom ν
 * @param loc the median μ
 * @param scale the scale σ
 */
@CheckReturnValue
public record StudentT(Tensor df, Tensor loc, Tensor scale) implements Distribution {
    /** The {@code (1 + ν)·z²/ν} below which three terms of the Taylor series of F have all digits. */
    private static final double NEAR = 1e-5;

    /**
     * Student's t distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a median is not finite, or another parameter is not positive and finite
     */
    public StudentT {
        Params params = new Params(StudentT.class)
                .with("df", df, Constraint.POSITIVE)
                .with("loc", loc, Constraint.REAL)
                .with("scale", scale, Constraint.POSITIVE);
        df = params.broadcast(df);
        loc = params.broadcast(loc);
        scale = params.broadcast(scale);
    }

    /** A single distribution in FLOAT64. */
    public StudentT(double df, double loc, double scale) {
        this(Tensor.scalar(df), Tensor.scalar(loc), Tensor.scalar(scale));
    }

    @Override
    public Shape batchShape() {
        return df.shape();
    }

    @Override
    public Constraint support() {
        return Constraint.REAL;
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.logDensity(
                this,
                df.dtype(),
                value,
                x -> standardLogDensity(x.sub(loc).div(scale)).sub(scale.log()));
    }

    private Tensor standardLogDensity(Tensor z) {
        Tensor tail = df.add(1).mul(0.5).mul(Terms.log1pSquare(z.div(df.sqrt())));
        return logFactor().sub(tail);
    }

    /** The logarithm of the density at 0: {@code log(Γ((ν + 1)/2)/(Γ(ν/2)·√(νπ)))}. */
    private Tensor logFactor() {
        // log Γ(a + ½) − log Γ(a) by the gamma densities of both shapes at a constant y, which lose no digits where a
        // is large.
        Tensor half = df.mul(0.5);
        Tensor y = half.detach();
        Tensor quotient = Terms.logGamma(half, y)
                .sub(Terms.logGamma(half.add(0.5), y))
                .add(y.log().mul(0.5));
        return quotient.sub(df.log().add(Terms.LOG_PI).mul(0.5));
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        Tensor z = Tensor.randn(df.dtype(), Terms.shape(this, generator, sizes), generator);
        Tensor half = df.mul(0.5);
        Tensor mean = ImplicitSamples.gamma(half, Terms.shape(this, generator, sizes), generator)
                .div(half);
        return loc.add(scale.mul(z.mul(mean.rsqrt())));
    }

    @Override
    public Tensor mean() {
        return Tensor.where(df.gt(1), loc, Double.NaN);
    }

    @Override
    public Tensor mode() {
        return loc;
    }

    @Override
    public Tensor variance() {
        Tensor variance = scale.square().mul(df.div(Tensor.where(df.gt(2), df.sub(2), 1)));
        return Tensor.where(
                df.gt(2), variance, Tensor.where(df.gt(1), Double.POSITIVE_INFINITY, Tensor.fullLike(df, Double.NaN)));
    }

    @Override
    public Tensor entropy() {
        Tensor half = df.mul(0.5);
        Tensor spread = half.add(0.5).digamma().sub(half.digamma());
        return half.add(0.5).mul(spread).sub(logFactor()).add(scale.log());
    }

    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, df.dtype(), "the value", value);
        // Beyond, z² overflows.
        double large = df.dtype() == DType.FLOAT32 ? 0x1p63 : 0x1p511;
        Tensor isFlat = Terms.standard(value, loc, scale).abs().ge(large);
        return Terms.flat(value, isFlat, loc, x -> standardCdf(x.sub(loc).div(scale)));
    }

    /** F(z) for location 0 and scale 1: by the incomplete beta function, but near 0, where its slope is infinite, by the Taylor series. */
    private Tensor standardCdf(Tensor z) {
        Tensor near = z.square().mul(df.reciprocal().add(1)).lt(NEAR);
        Tensor central = Tensor.where(near, z, 0);
        Tensor w = central.square().div(df);
        Tensor third = df.add(1).mul(w).div(6);
        Tensor fifth = df.add(1).mul(df.add(3)).mul(w.square()).div(40);
        Tensor series =
                central.mul(logFactor().exp()).mul(fifth.sub(third).add(1)).add(0.5);
        return Tensor.where(near, series, byBeta(Tensor.where(near, 1, z)));
    }

    /**
     * With {@code w = z²/ν}: I(1/(1 + w); ν/2, ½)/2 below −|z|, in the centre by I(w/(1 + w); ½, ν/2) = 1 − I(1/(1 + w); ν/2, ½). In the
     * tails that difference would lose the digits.
     */
    private Tensor byBeta(Tensor z) {
        Tensor square = z.square();
        Tensor w = square.div(df);
        Tensor isCentral = square.lt(1.5);
        Tensor half = df.mul(0.5);
        Tensor a = Tensor.where(isCentral, 0.5, half);
        Tensor b = Tensor.where(isCentral, half, 0.5);
        Tensor beta = a.betainc(b, Tensor.where(isCentral, w, 1).div(w.add(1))).mul(0.5);
        Tensor below = Tensor.where(isCentral, beta.rsub(0.5), beta);
        return Tensor.where(z.lt(0), below, below.rsub(1));
    }

    @Override
    public Tensor icdf(Tensor probability) {
        Terms.requireProbability(this, df.dtype(), probability);
        Tensor inside = probability.gt(0).and(probability.lt(1));
        Tensor p = Tensor.where(inside, probability, 0.5);
        // Two recorded steps of Newton's method give the quantile its derivatives of first and second order.
        Tensor z = Autograd.noGrad(() -> quantile(p));
        for (int k = 0; k < 2; k++) {
            // In relative terms, since the density may underflow where p doesn't.
            Tensor step = standardCdf(z)
                    .div(p)
                    .sub(1)
                    .mul(p.log().sub(standardLogDensity(z)).exp());
            z = z.sub(step);
        }
        Tensor end =
                Tensor.where(probability.le(0), Double.NEGATIVE_INFINITY, Tensor.fullLike(z, Double.POSITIVE_INFINITY));
        return loc.add(scale.mul(Tensor.where(inside, z, end)));
    }

    private Tensor quantile(Tensor p) {
        Tensor tails = p.minimum(p.rsub(1)).mul(2);
        Tensor isFar = tails.lt(0.95);
        Tensor half = df.mul(0.5);
        Tensor a = Tensor.where(isFar, half, 0.5);
        Tensor b = Tensor.where(isFar, 0.5, half);
        Tensor x = a.betaincInv(b, Tensor.where(isFar, tails, tails.rsub(1)));
        Tensor odds = x.div(x.rsub(1));
        Tensor size = Tensor.where(isFar, odds.reciprocal(), odds).mul(df).sqrt();
        return Tensor.where(p.lt(0.5), size.neg(), size);
    }
}
