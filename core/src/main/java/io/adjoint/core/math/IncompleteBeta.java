package io.adjoint.core.math;

/**
 * The regularized incomplete beta function {@code I(a, b, x) = 1/B(a, b)·∫₀ˣ t^(a−1)(1 − t)^(b−1) dt} with its derivatives of first and
 * second order in a and b, the density {@code ∂I/∂x}, and the inverse function.
 *
 * <p>As {@code I(a, b, x) = 1 − I(b, a, 1 − x)}, the tail on x's side of the mean {@code a/(a + b)} is computed. With the weight {@code w
 * = x^a(1 − x)^b/B(a, b)} it is {@code w/a·Σ (a + b)ₙ/(a + 1)ₙ·xⁿ} (DLMF 8.17.8) where a is below 8 and x is up to ¾, and where few terms
 * give a value. Otherwise, with {@code log(t/(1 − t)) = log(x/(1 − x)) − s}, it is {@code w·∫₀ e^(E(s)) ds} with {@code E(s) = −a·s − (a +
 * b)·log(1 + x(e⁻ˢ − 1))}, which {@link Quadrature} integrates; or, where y = 1 − x and perhaps b are small, {@code 1 − e^L·(1 + b·Σ (1 −
 * a)ₙ/n!·yⁿ/(b + n))} with {@code L = b·log y − log(b·B(a, b))} (DLMF 8.17.7).
 *
 * <p>Derivatives in a multiply the integrand by the score {@code log t − ψ(a) + ψ(a + b)}, those in b by {@code log(1 − t) − ψ(b) + ψ(a +
 * b)}; derivatives of second order multiply it by a product of two scores plus a derivative of a score.
 */
public final class IncompleteBeta {
    private static final double INF = Double.POSITIVE_INFINITY;
    /** The a up to which the series is used, and the x. */
    private static final double SERIES = 8;

    private static final double NEAR_ONE = 0.75;
    /**
     * The {@code a·(a + b)/b} up to which the series is used where no derivative is asked for: it takes about {@code √(80·a·(a + b)/b)}
     * terms at the mean, and fewer below.
     */
    private static final double FEW = 200;
    /** The b, and the {@code (a + b)·y}, up to which the sum over powers of y is used for larger a. */
    private static final double SMALL = 0.5;

    private final double a;
    private final double b;
    private final double c;
    private final DD x;
    private final DD y;
    /** {@code a·y − b·x}, which is 0 at the mean. */
    private final DD off;
    /** The integral or the sum, and with the weights {@code log(t/x)}, {@code log((1 − t)/y)} and their products. */
    private double sum;

    private double sumA;
    private double sumB;
    private double sumAA;
    private double sumAB;
    private double sumBB;

    /** The function with two parameters at {@code x = 1 − y}. */
    private IncompleteBeta(double a, double b, DD x, DD y, DD off) {
        this.a = a;
        this.b = b;
        this.c = a + b;
        this.x = x;
        this.y = y;
        this.off = off;
    }

    private static IncompleteBeta at(double a, double b, DD x, DD y) {
        return new IncompleteBeta(a, b, x, y, y.times(a).minus(x.times(b)));
    }

    private IncompleteBeta mirrored() {
        return new IncompleteBeta(b, a, y, x, off.negated());
    }

    /**
     * The function, or its derivative {@code ∂^(i+j)/∂a^i∂b^j}; NaN for arguments outside of its domain.
     *
     * @param i from 0 to 2
     * @param j from 0 to {@code 2 − i}
     */
    public static double betainc(int i, int j, double a, double b, double x) {
        if (!(a > 0 && b > 0 && x > 0 && x < 1 && a + b < INF)) {
            return limit(i + j, a, b, x);
        }
        return at(a, b, DD.of(x), DD.sum(1, -x)).value(i, j);
    }

    private static double limit(int order, double a, double b, double x) {
        double atMass = a == 0 || b == INF ? 1 : 0;
        boolean inside = a >= 0 && b >= 0 && x >= 0 && x <= 1;
        if (!inside || (a == 0 && b == 0) || (a == INF && b == INF)) {
            return Double.NaN;
        }
        boolean edge = x == 0 || x == 1;
        return order > 0 ? (edge && a > 0 && b > 0 ? 0 : Double.NaN) : edge ? x : atMass;
    }

    /** {@code ∂I/∂x = x^(a−1)(1 − x)^(b−1)/B(a, b)}; NaN for arguments outside of its domain. */
    public static double density(double a, double b, double x) {
        if (!(a > 0 && b > 0 && x > 0 && x < 1 && a + b < INF)) {
            double power = x == 0 ? a : b;
            boolean edge = a > 0 && b > 0 && a + b < INF && (x == 0 || x == 1);
            return !edge ? Double.NaN : power > 1 ? 0 : power < 1 ? INF : a * b;
        }
        IncompleteBeta at = at(a, b, DD.of(x), DD.sum(1, -x));
        DD over = DD.ONE.over(at.y);
        return x > 1e-290
                ? at.weight(1, over.over(x))
                : at.exponent().minus(at.x.log()).expTimes(over.times(at.factor(1)));
    }

    private double value(int i, int j) {
        if (isNearOne()) {
            return complement(i, j);
        }
        return off.high() > 0 ? tail(i, j) : (i + j > 0 ? 0 : 1) - mirrored().tail(j, i);
    }

    /** Returns whether the function may be small though x is near 1. */
    private boolean isNearOne() {
        return x.high() > NEAR_ONE && b < SMALL && c * y.high() < SMALL;
    }

    /** The function or its derivative for x up to the mean. */
    private double tail(int i, int j) {
        if (a < SERIES ? x.high() > NEAR_ONE : isNearOne()) {
            return complement(i, j);
        }
        boolean isValue = i + j == 0;
        boolean isSeries = a < SERIES || (isValue && a * c < FEW * b);
        if (isSeries) {
            series(isValue);
        } else {
            integrate(isValue);
        }
        double weight = weight(isSeries ? a : 1, DD.ONE);
        if (isValue) {
            return weight * sum;
        }
        if (i == 0) {
            double other = scoreB();
            return weight * (j == 1 ? sum * other + sumB : sum * squareB(other) + 2 * other * sumB + sumBB);
        }
        double once = scoreA();
        if (i == 1 && j == 0) {
            return weight * (sum * once + sumA);
        }
        if (j == 1) {
            double other = scoreB();
            double twice = once * other + GammaFunctions.polygamma(1, c);
            return weight * (sum * twice + once * sumB + other * sumA + sumAB);
        }
        double bend = GammaFunctions.polygamma(1, c) - GammaFunctions.polygamma(1, a < SERIES ? a + 1 : a);
        return weight * (sum * (once * once + bend) + 2 * once * sumA + sumAA);
    }

    /** {@code log x − ψ(a) + ψ(a + b)}, but {@code ψ(1 + a)} for the series. */
    private double scoreA() {
        if (a < SERIES) {
            return Logarithms.log(x.high() * c) - GammaFunctions.digammaGap(c) - GammaFunctions.digamma(1 + a);
        }
        return score(a, -off.high() / a, x.high()) + GammaFunctions.digammaGap(a) - GammaFunctions.digammaGap(c);
    }

    /** {@code log y − ψ(b) + ψ(a + b)}; for small a a difference of small numbers. */
    private double scoreB() {
        return a < 1
                ? Logarithms.log1p(-x.high()) + GammaRatio.of(b, a).digamma()
                : score(b, off.high() / b, y.high()) + GammaFunctions.digammaGap(b) - GammaFunctions.digammaGap(c);
    }

    /** {@code score² − ψ′(b) + ψ′(a + b)} for the score in b; for small b terms in 1/b² cancel, which are left out. */
    private double squareB(double score) {
        if (b >= Math.min(a, 1)) {
            return score * score
                    + (a < 1
                            ? GammaRatio.of(b, a).trigamma()
                            : GammaFunctions.polygamma(1, c) - GammaFunctions.polygamma(1, b));
        }
        double rest = Logarithms.log(y.high() * c) - GammaFunctions.digammaGap(c) - GammaFunctions.digamma(1 + b);
        return rest * (rest + 2 / b) - GammaFunctions.polygamma(1, 1 + b) + GammaFunctions.polygamma(1, c);
    }

    /** {@code log(z·(a + b)/parameter)}, where the argument is {@code 1 + t}. */
    private double score(double parameter, double t, double z) {
        return Math.abs(t) < 0.5 ? Logarithms.log1p(t) : Logarithms.log(z * (c / parameter));
    }

    /** {@code w·factor/divisor}, where the divisor is 1 or a. */
    private double weight(double divisor, DD factor) {
        return exponent().expTimes(factor.times(factor(divisor)));
    }

    /**
     * The exponent of the weight, up to a {@link #factor}. For a large a the weight is the weight of a gamma distribution with parameter
     * b at {@code (a + b)·y}, which is {@code b + off}, times {@code e^(−a·(t − log(1 + t)))} for {@code t = −off/a}.
     */
    private DD exponent() {
        if (Math.max(a, b) < GammaFunctions.FAR) {
            return x.log()
                    .times(a)
                    .plus(y.log().times(b))
                    .plus(GammaFunctions.lgamma1p(c))
                    .plus(DD.sum(a, b).low() * Logarithms.log(c + 0.5))
                    .minus(GammaFunctions.lgamma1p(a))
                    .minus(GammaFunctions.lgamma1p(b));
        }
        if (b > a) {
            return mirrored().exponent();
        }
        return IncompleteGamma.exponent(b, off.plus(b), off)
                .minus(Quadrature.logExcess(off.over(-a)).times(a))
                .plus(GammaFunctions.correction(c) - GammaFunctions.correction(a));
    }

    private double factor(double divisor) {
        if (Math.max(a, b) < GammaFunctions.FAR) {
            return divisor == 1 ? a * b / c : b / c;
        }
        double large = Math.max(a, b);
        double small = Math.min(a, b);
        return IncompleteGamma.factor(small) * Math.sqrt(large / c) * (divisor == 1 ? small : small / divisor);
    }

    private void series(boolean isValue) {
        double term = 1;
        double slopeA = 0;
        double slopeB = 0;
        double bendA = 0;
        double bendB = 0;
        sum = 1;
        double z = x.high();
        for (int n = 0; term > 0x1p-57 * sum || z * (c + n) > a + 1 + n; n++) {
            term *= z * (c + n) / (a + 1 + n);
            sum += term;
            if (isValue) {
                continue;
            }
            double own = 1 / (a + 1 + n);
            double both = 1 / (c + n);
            slopeA += (1 - b) * own * both;
            bendA += (own - both) * (own + both);
            slopeB += both;
            bendB -= both * both;
            sumA += term * slopeA;
            sumB += term * slopeB;
            sumAA += term * (slopeA * slopeA + bendA);
            sumAB += term * (slopeA * slopeB + bendB);
            sumBB += term * (slopeB * slopeB + bendB);
        }
    }

    private void integrate(boolean isValue) {
        double slope = off.high();
        // Whichever of x and y is smaller gives the more precise terms.
        boolean left = x.high() <= 0.5;
        double z = left ? x.high() : y.high();
        double sign = left ? -1 : 1;
        double depth = Quadrature.depthOf(slope, c * z * (1 - z));
        for (int k = 0; k < 2; k++) {
            double v = z * ExpParts.expm1(sign * depth);
            double e = slope * depth + c * (z * Quadrature.expExcess(sign * depth) - Quadrature.logExcess(v));
            depth -= (e - Quadrature.DEPTH) / (slope + sign * c * (1 - z) * v / (1 + v));
        }
        for (int k = 0; k < Quadrature.NODES.length; k++) {
            double s = depth * Quadrature.NODES[k];
            double excess = Quadrature.expExcess(sign * s);
            double v = z * (excess + sign * s);
            double log = Quadrature.logExcess(v);
            double term = depth * Quadrature.WEIGHTS[k] * ExpParts.exp(-slope * s - c * (z * excess - log));
            sum += term;
            if (isValue) {
                continue;
            }
            double forB = left ? log - v : log - v + s;
            double forA = left ? log - v - s : log - v;
            sumA += term * forA;
            sumB += term * forB;
            sumAA += term * (forA * forA);
            sumAB += term * (forA * forB);
            sumBB += term * (forB * forB);
        }
    }

    /** The function or its derivative by the sum over powers of y. */
    private double complement(int i, int j) {
        GammaRatio ratio = GammaRatio.of(a, b);
        double z = y.high();
        double log = b * Logarithms.log(z * ratio.scale())
                + ratio.log()
                - GammaFunctions.lgamma1p(b).value();
        double once = 0;
        double twice = 0;
        double thrice = 0;
        double onceA = 0;
        double onceAA = 0;
        double twiceA = 0;
        double term = 1;
        double termA = 0;
        double termAA = 0;
        for (int n = 1; n < 45; n++) {
            double factor = z / n;
            termAA = factor * (termAA * (n - a) - 2 * termA);
            termA = factor * (termA * (n - a) - term);
            term = factor * (term * (n - a));
            double over = 1 / (b + n);
            once += term * over;
            onceA += termA * over;
            onceAA += termAA * over;
            twice += term * over * over;
            twiceA += termA * over * over;
            thrice += term * over * over * over;
        }
        double power = ExpParts.exp(log);
        if (i + j == 0) {
            return -ExpParts.expm1(log) - power * (b * once);
        }
        double whole = 1 + b * once;
        double inA = b * onceA;
        double inB = once - b * twice;
        double slopeA = ratio.digamma();
        double slopeB = Logarithms.log(z * c) - GammaFunctions.digammaGap(c) - GammaFunctions.digamma(1 + b);
        if (i + j == 1) {
            return -power * (i == 1 ? slopeA * whole + inA : slopeB * whole + inB);
        }
        double bend = GammaFunctions.polygamma(1, c);
        if (i == 2) {
            return -power * ((slopeA * slopeA + ratio.trigamma()) * whole + 2 * slopeA * inA + b * onceAA);
        }
        if (i == 1) {
            double mixed = onceA - b * twiceA;
            return -power * ((slopeA * slopeB + bend) * whole + slopeA * inB + slopeB * inA + mixed);
        }
        double bendB = bend - GammaFunctions.polygamma(1, 1 + b);
        return -power * ((slopeB * slopeB + bendB) * whole + 2 * slopeB * inB + 2 * (b * thrice - twice));
    }

    /** The x at which the function is p; NaN for arguments outside of its domain. */
    public static double inverse(double a, double b, double p) {
        if (!(a > 0 && b > 0 && p > 0 && p < 1 && a + b < INF)) {
            boolean edge = a > 0 && b > 0 && a + b < INF && (p == 0 || p == 1);
            return edge ? p : Double.NaN;
        }
        double start = start(a, b, p);
        if (!(Math.abs(start) < -TailInverse.LOWEST)) {
            return ExpParts.exp(Math.min(start, 0));
        }
        boolean lower = p <= 0.5;
        return TailInverse.solve(
                start,
                lower ? p : 1 - p,
                lower ? -1 : 1,
                u -> {
                    IncompleteBeta at = atOdds(a, b, u);
                    return new TailInverse.Tail((lower ? at : at.mirrored()).value(0, 0), at.weight(1, DD.ONE));
                },
                (u, step) -> {
                    IncompleteBeta at = atOdds(a, b, u);
                    double up = at.x.high() * ExpParts.exp(step);
                    return up / (at.y.high() + up);
                });
    }

    /** The function at {@code x = eᵘ/(1 + eᵘ)}; of x and y the smaller one is a double. */
    private static IncompleteBeta atOdds(double a, double b, double u) {
        double power = ExpParts.exp(Math.max(-Math.abs(u), TailInverse.LOWEST));
        DD small = DD.of(power / (1 + power));
        DD large = DD.sum(1, -small.high());
        return u < 0 ? at(a, b, small, large) : at(a, b, large, small);
    }

    /** An approximation of {@code log(x/(1 − x))} for the x at which the function is p. */
    private static double start(double a, double b, double p) {
        if (a > 1 && b > 1) {
            // Abramowitz and Stegun, Handbook of Mathematical Functions, 26.5.22.
            double z = -NormalQuantile.of(p);
            double lambda = (z * z - 3) / 6;
            double overA = 1 / (2 * a - 1);
            double overB = 1 / (2 * b - 1);
            double h = 2 / (overA + overB);
            if (h + lambda > 0) {
                double w = z * Math.sqrt(h + lambda) / h - (overB - overA) * (lambda + 5.0 / 6 - 2 / (3 * h));
                return Logarithms.log(a / b) - 2 * w;
            }
        }
        // Near 0 the function is x^a/(a·B(a, b)), near 1 its difference from 1 is y^b/(b·B(a, b)).
        double beta = GammaFunctions.lgamma1p(a)
                .plus(GammaFunctions.lgamma1p(b))
                .minus(GammaFunctions.lgamma1p(a + b))
                .plus(Logarithms.log(a + b))
                .value();
        double logX = (Logarithms.log(p) + beta - Logarithms.log(b)) / a;
        double logY = (Logarithms.log1p(-p) + beta - Logarithms.log(a)) / b;
        return logX < -1 && logX < logY ? logX : logY < -1 ? -logY : 0;
    }
}
