package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * The distribution function of the von Mises distribution around 0, {@code F(z) = ∫ e^(κ·cos t) dt/(2π·I₀(κ))} from −π to z, and its
 * derivative in κ. Both are the density at z times integrals of {@code e^(κ·(cos t − cos z))}, by {@link Quadrature} over the side on which
 * the integrand has one sign.
 *
 * @hidden
 */
@Internal
public final class VonMisesIntegrals {
    private VonMisesIntegrals() {}

    /** F(z). */
    public static double cdf(double kappa, double z) {
        double size = Math.abs(z);
        boolean central = isCentral(kappa, size);
        double part = density(kappa, z) * integral(0, kappa, size, central);
        double upper = central ? 0.5 - part : part;
        return z > 0 ? 1 - upper : upper;
    }

    private static double density(double kappa, double z) {
        return ExpParts.exp(-kappa * versine(z)) / (2 * Math.PI * BesselFunctions.i0e(kappa));
    }

    /** {@code ∂F/∂κ}. */
    public static double cdfByKappa(double kappa, double z) {
        return density(kappa, z) * slope(kappa, z);
    }

    /** {@code ∂F/∂κ} divided by the density: odd in z. */
    static double slope(double kappa, double z) {
        double size = Math.abs(z);
        boolean central = isCentral(kappa, size);
        double part = integral(1, kappa, size, central);
        return Math.copySign(1, z) * (central ? part : -part);
    }

    /** Returns whether cos z is above its mean. */
    private static boolean isCentral(double kappa, double z) {
        return versine(z) < missing(kappa);
    }

    /** {@code ∫ e^(κ·(cos t − cos z))·(cos t − A)ⁿ dt} from 0 to z, or from z to π, where A is the mean of cos t. */
    private static double integral(int n, double kappa, double z, boolean central) {
        double end = central ? 0 : end(kappa, z);
        double missing = missing(kappa);
        double sum = 0;
        for (int k = 0; k < Quadrature.NODES.length; k++) {
            double t = z + (end - z) * Quadrature.NODES[k];
            // cos t − cos z = 2·sin((z − t)/2)·sin((z + t)/2)
            double above = 2 * Trigonometry.sin((z - t) / 2) * Trigonometry.sin((z + t) / 2);
            double factor = n == 0 ? 1 : missing - versine(t);
            sum += Quadrature.WEIGHTS[k] * factor * ExpParts.exp(kappa * above);
        }
        return sum * Math.abs(end - z);
    }

    /** The angle at which the integrand has fallen by {@link Quadrature#DEPTH}, or π. */
    private static double end(double kappa, double z) {
        double half = Trigonometry.sin(z / 2);
        double square = half * half + Quadrature.DEPTH / (2 * kappa);
        return square < 1 ? 2 * StrictMath.asin(Math.sqrt(square)) : Math.PI;
    }

    /** {@code 1 − cos t}. */
    private static double versine(double t) {
        double half = Trigonometry.sin(t / 2);
        return 2 * half * half;
    }

    /** {@code 1 − A}, where {@code A = I₁(κ)/I₀(κ)} is the mean of cos t. */
    private static double missing(double kappa) {
        return BesselFunctions.gap(kappa) / BesselFunctions.i0e(kappa);
    }
}
