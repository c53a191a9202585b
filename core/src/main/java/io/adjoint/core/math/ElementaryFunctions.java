package io.adjoint.core.math;

/** Functions that {@code java.lang.Math} lacks, or whose bits it leaves to the JDK; within 1 ulp unless they say otherwise. */
public final class ElementaryFunctions {
    /** The magnitude of x below which asinh and atanh are computed by three terms of their Taylor series. */
    private static final double SMALL = 0x1p-13;

    private static final double LARGE = 0x1p30;

    /** The slope of {@link #selu} above 0. */
    public static final double SELU_SCALE = 1.0507009873554805;

    /** The factor of {@link #selu} below 0. */
    public static final double SELU_SCALE_ALPHA = 1.7580993408473768;

    private ElementaryFunctions() {}

    /** The logarithm to base 2, within 2 ulp; exact for powers of 2. */
    public static double log2(double x) {
        if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
            return x > 0 && x < 1 ? log2(x * 0x1p54) - 54 : Logarithms.log(x);
        }
        int exponent = Math.getExponent(x);
        double m = Math.scalb(x, -exponent);
        return m > 1.4
                ? Logarithms.log(m / 2) * ExpSeries.LOG2_E + (exponent + 1)
                : Logarithms.log(m) * ExpSeries.LOG2_E + exponent;
    }

    /**
     * The logarithm of the sum of two powers of one base, without overflow.
     *
     * @param logBase the base's natural logarithm
     */
    public static double logAddExp(double logBase, double x, double y) {
        // Equal numbers have a case of their own, since the difference of two infinities is NaN.
        double smaller = x == y ? 1 : exp(-Math.abs(x - y) * logBase);
        return Math.max(x, y) + Logarithms.log1p(smaller) / logBase;
    }

    /** {@code x·log y}; 0 where x is 0, unless y is NaN. */
    public static double xlogy(double x, double y) {
        return x == 0 && !Double.isNaN(y) ? 0 : x * Logarithms.log(y);
    }

    /** {@code x·log(1 + y)}; 0 where x is 0, unless y is NaN. */
    public static double xlog1py(double x, double y) {
        return x == 0 && !Double.isNaN(y) ? 0 : x * Logarithms.log1p(y);
    }

    /** The inverse of sinh. */
    public static double asinh(double x) {
        double t = Math.abs(x);
        if (t < SMALL) {
            return x - x * (t * t) * (1.0 / 6 - 3.0 / 40 * (t * t));
        }
        return !(t < Double.POSITIVE_INFINITY) ? x : Math.copySign(t > LARGE ? logOfTwice(t) : root(t, 1), x);
    }

    /** The inverse of cosh; NaN below 1. */
    public static double acosh(double x) {
        if (!(x > 1 && x < Double.POSITIVE_INFINITY)) {
            return x == 1 ? 0 : x > 1 ? x : Double.NaN;
        }
        return x > LARGE ? logOfTwice(x) : root(x, -1);
    }

    /** {@code log(t + √(t² + c))}. */
    private static double root(double t, double c) {
        return DD.product(t, t).plus(c).sqrt().plus(t).log().value();
    }

    private static double logOfTwice(double t) {
        return DD.of(t).log().plus(DD.LN2).value();
    }

    /** The inverse of tanh; infinite at ±1, NaN beyond. */
    public static double atanh(double x) {
        double t = Math.abs(x);
        if (t < SMALL) {
            return x + x * (t * t) * (1.0 / 3 + t * t / 5);
        }
        if (!(t < 1)) {
            return t == 1 ? x / 0.0 : Double.NaN;
        }
        return Math.copySign(DD.sum(1, t).over(DD.sum(1, -t)).log().value() / 2, x);
    }

    /** {@code −x·log x}, a term of an entropy; by convention 0 at x = 0 and −∞ for negative x. */
    public static double entr(double x) {
        return x > 0 ? -x * Logarithms.log(x) : x == 0 ? 0 : x < 0 ? Double.NEGATIVE_INFINITY : x;
    }

    /** {@code log(1 + e^(βx))/β} up to βx = threshold, x itself above; within 2 ulp. */
    public static double softplus(double x, double beta, double threshold) {
        double scaled = x * beta;
        if (scaled > threshold) {
            return x;
        }
        double power = ExpParts.exp(-Math.abs(scaled));
        if (beta == 1 || power == 0) {
            return (Math.max(scaled, 0) + Logarithms.log1p(power)) / beta;
        }
        // The rounding error of the product x·beta, by which the exponential is corrected.
        double lost = Math.copySign(1, scaled) * Math.fma(x, beta, -scaled);
        return DD.sum(power, -power * lost)
                .plus(1)
                .log()
                .plus(Math.max(scaled, 0))
                .over(beta)
                .value();
    }

    /** {@code log(1/(1 + e⁻ˣ))}, within 2 ulp. */
    public static double logSigmoid(double x) {
        return Math.min(x, 0) - Logarithms.log1p(ExpParts.exp(-Math.abs(x)));
    }

    /** {@code x·tanh(log(1 + eˣ))}. */
    public static double mish(double x) {
        if (!(x < 40 && x > -1000)) {
            return x > 0 || Double.isNaN(x) ? x : x * 0;
        }
        if (x > 0) {
            // With e = e⁻ˣ the result is x·(1 + 2e)/(1 + 2e + 2e²).
            DD e = DD.of(-x).exp();
            DD numerator = e.times(2).plus(1);
            return numerator.over(e.times(e).times(2).plus(numerator)).times(x).value();
        }
        // With e = eˣ the result is x·e·(2 + e)/(2 + 2e + e²).
        DD e = x < -700 ? DD.of(0) : DD.of(x).exp();
        DD sum = e.plus(2);
        return DD.of(x).expTimes(sum.over(sum.times(e).plus(2)).times(x));
    }

    /** {@code eˣ}, within 1 ulp. */
    public static double exp(double x) {
        return ExpParts.exp(x);
    }

    /** {@code eˣ − 1}, with all digits near 0. */
    public static double expm1(double x) {
        return ExpParts.expm1(x);
    }

    /** {@code x} above 0, {@code eˣ − 1} below. */
    public static double elu(double x) {
        return x > 0 ? x : ExpParts.expm1(x);
    }

    /** {@code scale·x} above 0, {@code scale·α·(eˣ − 1)} below, within 2 ulp (Klambauer and others, 2017). */
    public static double selu(double x) {
        return x > 0 ? SELU_SCALE * x : SELU_SCALE_ALPHA * ExpParts.expm1(x);
    }

    /** {@code x/(1 + e⁻ᵛ)}. */
    static double timesSigmoid(double x, DD v) {
        if (Math.abs(v.high()) > 700) {
            return v.high() > 0 ? x : v.expTimes(DD.of(x));
        }
        DD quotient = DD.of(x).over((v.high() > 0 ? v.negated() : v).exp().plus(1));
        return v.high() > 0 ? quotient.value() : v.expTimes(quotient);
    }

    /**
     * The n-th derivative of {@code sin(πx)/(πx)}. For n = 0, the function itself, the error is within 2 ulp; for a derivative it is within
     * 2⁻⁵⁰·πⁿ.
     */
    public static double sinc(int n, double x) {
        double z = Math.PI * Math.abs(x);
        double sign = (n & 1) == 0 || x > 0 ? 1 : -1;
        return n > 0 && z < 1 + n / 2.0
                ? sign * StrictMath.pow(Math.PI, n) * sincSeries(n, z)
                : n == 0 && z < 1e-9 ? 1 : sign * StrictMath.pow(Math.PI, n) * sincFrom(n, Math.abs(x));
    }

    /** The n-th derivative of {@code sin z / z} as its Taylor series: {@code Σ (−1)ᵏ z^(2k−n) / ((2k + 1)·(2k − n)!)} over 2k ≥ n. */
    private static double sincSeries(int n, double z) {
        int first = (n + 1) / 2;
        double power = (n & 1) == 0 ? 1 : z;
        double sum = 0;
        for (int k = first; k < first + 20; k++) {
            sum += ((k & 1) == 0 ? power : -power) / (2 * k + 1);
            power *= z * z / ((2.0 * k - n + 1) * (2.0 * k - n + 2));
        }
        return sum;
    }

    /**
     * The n-th derivative of {@code S(z) = sin z / z} at z = πx, by the recurrence {@code z·S⁽ⁿ⁾ + n·S⁽ⁿ⁻¹⁾ = sin⁽ⁿ⁾ z}, which is stable
     * for z above n.
     */
    private static double sincFrom(int n, double x) {
        DD z = DD.PI.times(x);
        DD sin = sinPi(x);
        DD derivative = sin.over(z);
        for (int k = 1; k <= n; k++) {
            DD own = (k & 1) == 0 ? sin : cosPi(x);
            own = (k & 2) == 0 ? own : own.negated();
            derivative = own.minus(derivative.times(k)).over(z);
        }
        return derivative.value();
    }

    /** {@code sin(πx)}, from the difference of x and the nearest integer, which is exact. */
    static DD sinPi(double x) {
        double turn = Math.rint(x);
        DD sin = DD.PI.times(x - turn).sin();
        return isOdd(turn) ? sin.negated() : sin;
    }

    /** {@code cos(πx)}. */
    static DD cosPi(double x) {
        double turn = Math.rint(x);
        DD cos = DD.PI.times(DD.sum(0.5, -Math.abs(x - turn))).sin();
        return isOdd(turn) ? cos.negated() : cos;
    }

    private static boolean isOdd(double whole) {
        return whole / 2 != Math.rint(whole / 2);
    }
}
