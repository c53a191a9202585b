package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * Derivatives of random numbers z in a parameter θ, by the implicit function theorem: as the distribution function F(z; θ) of the number
 * stays as it was drawn, the derivative is {@code −∂F/∂θ} divided by the density (M. Figurnov, S. Mohamed and A. Mnih, "Implicit
 * reparameterization gradients", 2018).
 *
 * @hidden
 */
@Internal
public final class ImplicitDerivatives {
    /** The log z below which z changes no digit of the leading term of a series in z. */
    private static final double TINY = -37;

    private ImplicitDerivatives() {}

    /** {@code d log z/dα} of a gamma number z of shape α and scale 1, from its logarithm. */
    public static double logGamma(double alpha, double logZ) {
        if (logZ < TINY) {
            // F = z^α/Γ(α + 1)
            return (GammaFunctions.digamma(alpha + 1) - logZ) / alpha;
        }
        double z = ElementaryFunctions.exp(logZ);
        return -IncompleteGamma.lower(1, alpha, z) / (z * IncompleteGamma.density(alpha, z));
    }

    /** {@code dz/dα} of a gamma number z of shape α and scale 1. */
    public static double gamma(double alpha, double z) {
        return z == 0 ? 0 : z * logGamma(alpha, Logarithms.log(z));
    }

    /** {@code dz/dκ} of a von Mises number z of concentration κ around 0, from −π to π. */
    public static double vonMises(double kappa, double z) {
        return -VonMisesIntegrals.slope(kappa, z);
    }
}
