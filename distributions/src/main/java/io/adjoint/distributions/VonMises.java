package io.adjoint.distributions;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.math.VonMisesIntegrals;
import java.util.random.RandomGenerator;

/**
 * The von Mises distribution of angles, of density {@code e^(κ·cos(x − μ))/(2π·I₀(κ))}. As in PyTorch, a value is any real number, of which
 * the density is that of its angle; samples are within π of μ.
 *
 * @param loc the mean angle μ in radians
 * @param concentration κ, from 0, where all angles are equally likely; for large κ it is 1 divided by the variance
 */
@CheckReturnValue
public record VonMises(Tensor loc, Tensor concentration) implements Distribution {
    /** The κ above which the variance is a series in 1/κ. */
    private static final double FAR = 50;

    private static final double[] SERIES = coefficients();

    /**
     * The von Mises distributions of the parameters, which broadcast.
     *
     * @throws IllegalArgumentException if a mean is not finite, or a concentration is negative or not finite
     */
    public VonMises {
        Params params = new Params(VonMises.class)
                .with("loc", loc, Constraint.REAL)
                .with("concentration", concentration, Constraint.NON_NEGATIVE);
        loc = params.broadcast(loc);
        concentration = params.broadcast(concentration);
    }

    /** A single distribution in FLOAT64. */
    public VonMises(double loc, double concentration) {
        this(Tensor.scalar(loc), Tensor.scalar(concentration));
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
        return Terms.logDensity(this, loc.dtype(), value, x -> logDensity(x.sub(loc)));
    }

    private Tensor logDensity(Tensor z) {
        // κ·(cos z − 1) = −2κ·sin²(z/2)
        Tensor fall = concentration.mul(-2).mul(z.mul(0.5).sin().square());
        return fall.sub(logScaledI0().add(2 * Terms.HALF_LOG_2PI));
    }

    /** {@code log(e^(−κ)·I₀(κ))}. */
    private Tensor logScaledI0() {
        return concentration.i0e().log();
    }

    /** {@code Σ cₙ·κ⁻ⁿ}, which has all digits, and so have its derivatives. */
    private static Tensor series(Tensor kappa) {
        Tensor x = kappa.reciprocal();
        Tensor sum = Tensor.zerosLike(x);
        for (int n = SERIES.length - 1; n > 0; n--) {
            sum = sum.add(SERIES[n]).mul(x);
        }
        return sum;
    }

    /** The cₙ of the variance {@code m = Σ cₙ·κ⁻ⁿ}, by the equation {@code m′ = m² − 2m + (1 − m)/κ}. */
    private static double[] coefficients() {
        double[] c = new double[16];
        c[1] = 0.5;
        for (int n = 1; n + 1 < c.length; n++) {
            c[n + 1] = (n - 1) * c[n] / 2;
            for (int k = 1; k <= n; k++) {
                c[n + 1] += c[k] * c[n + 1 - k] / 2;
            }
        }
        return c;
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return loc.add(ImplicitSamples.vonMises(concentration, Terms.shape(this, generator, sizes), generator));
    }

    @Override
    public Tensor mean() {
        return loc;
    }

    @Override
    public Tensor mode() {
        return loc;
    }

    /** The circular variance {@code 1 − I₁(κ)/I₀(κ)}, from 0 to 1. */
    @Override
    public Tensor variance() {
        return Tensor.where(
                concentration.gt(FAR),
                concentration,
                VonMises::series,
                k -> k.i1e().div(k.i0e()).rsub(1));
    }

    @Override
    public Tensor entropy() {
        return logScaledI0().add(2 * Terms.HALF_LOG_2PI).add(concentration.mul(variance()));
    }

    /**
     * The probability of an angle from {@code μ − π} to the value; 0 below this interval, and 1 above {@code μ + π}. The gradient of the
     * concentration has no derivative.
     */
    @Override
    public Tensor cdf(Tensor value) {
        Terms.requireFitting(this, loc.dtype(), "the value", value);
        Tensor kappa = concentration;
        Tensor z = value.sub(loc).clamp(-Math.PI, Math.PI);
        return op(
                "vonMisesCdf",
                kappa.data().zip("vonMisesCdf", z.data(), VonMisesIntegrals::cdf),
                edge(z, g -> g.mul(logDensity(z).exp())),
                edge(
                        kappa,
                        Autograd.firstOrder(
                                "vonMisesCdf",
                                g -> g.mul(Tensor.of(
                                        kappa.data().zip("vonMisesCdf", z.data(), VonMisesIntegrals::cdfByKappa))))));
    }
}
