package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * The logarithm of the gamma density, from which the densities of the Poisson, binomial, beta and related distributions follow, without the
 * cancellation of its terms that costs all digits where the parameters are large: by C. Loader's saddle-point expansion ("Fast and accurate
 * computation of binomial probabilities", 2000).
 *
 * <p>For a shape α of 17 or more, and for integers from 2 on, {@code (α − 1)·log y − y − log Γ(α)} with {@code k = α − 1} is {@code −½·log
 * 2πk − δ(k)} plus {@code −(k·log(k/y) − k + y)}, where δ is the correction of Stirling's formula. Each of both parts takes a function of
 * its own, since one shape often has many y.
 *
 * @hidden
 */
@Internal
public final class LogDensities {
    private static final double HALF_LOG_2PI = 0.9189385332046728;

    /** δ(k) of the integers k below {@link GammaFunctions#FAR}; the first is not used. */
    private static final double[] CORRECTIONS = new double[(int) GammaFunctions.FAR];

    static {
        double next = GammaFunctions.correction(CORRECTIONS.length);
        for (int k = CORRECTIONS.length - 1; k > 0; k--) {
            // δ(k) − δ(k + 1) = (k + ½)·log(1 + 1/k) − 1
            next += 0.5 / k - (k + 0.5) * Quadrature.logExcess(1.0 / k);
            CORRECTIONS[k] = next;
        }
    }

    private LogDensities() {}

    private static boolean isExpanded(double k) {
        return k >= GammaFunctions.FAR || (k > 0 && k == Math.rint(k));
    }

    /** The terms that depend on α alone. */
    public static double gammaFactor(double alpha) {
        double k = alpha - 1;
        if (!isExpanded(k)) {
            return -GammaFunctions.lgamma(alpha);
        }
        double correction = k < GammaFunctions.FAR ? CORRECTIONS[(int) k] : GammaFunctions.correction(k);
        return -HALF_LOG_2PI - 0.5 * Logarithms.log(k) - correction;
    }

    /** The other terms, for y ≥ 0; {@code 0·log 0} is 0. */
    public static double gammaRest(double alpha, double y) {
        double k = alpha - 1;
        return isNear(k, y) ? near(k, y) : far(k, y, Logarithms.log(y));
    }

    /** {@link #gammaRest} at {@code y = eˡ}, which may underflow. */
    public static double gammaRestAtExp(double alpha, double l) {
        double k = alpha - 1;
        double y = ElementaryFunctions.exp(l);
        return isNear(k, y) ? near(k, y) : far(k, y, l);
    }

    private static boolean isNear(double k, double y) {
        return Math.abs((y - k) / k) < 0.5 && isExpanded(k);
    }

    private static double near(double k, double y) {
        return -k * Quadrature.logExcess((y - k) / k);
    }

    private static double far(double k, double y, double logY) {
        if (!isExpanded(k)) {
            return (k == 0 ? 0 : k * logY) - y;
        }
        return y == Double.POSITIVE_INFINITY ? -y : k * (logY - Logarithms.log(k)) - (y - k);
    }

    /** {@code log(y/α)}, with all digits also where both are almost equal. */
    public static double logRatio(double y, double alpha) {
        double t = (y - alpha) / alpha;
        return Math.abs(t) < 0.5 ? Logarithms.log1p(t) : Logarithms.log(y / alpha);
    }

    /** {@code t − log(1 + t)} for t ≥ −1, with all digits also near 0. */
    public static double logExcess(double t) {
        return Quadrature.logExcess(t);
    }

    /** All terms. */
    static double gamma(double alpha, double y) {
        return gammaFactor(alpha) + gammaRest(alpha, y);
    }

    /** {@code log α − ψ(α)} for α > 0: about {@code 1/(2α)} for large α. */
    public static double logMinusDigamma(double alpha) {
        return GammaFunctions.digammaGap(alpha);
    }
}
