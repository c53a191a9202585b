package io.adjoint.core.math;

/**
 * A number as the unevaluated sum of two doubles, which has a precision of about 106 bits. Such sums are used for terms that cancel, and
 * for the argument of an exponential: the relative error of an exponential is the absolute error of its argument, which grows with the size
 * of the argument. Products use the processor's fused multiply-add.
 *
 * @param high the nearest double
 * @param low the rest, the number minus {@code high}
 */
record DD(double high, double low) {
    static final DD ONE = new DD(1, 0);
    static final DD PI = new DD(0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53);
    static final DD LN2 = new DD(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);

    static DD of(double value) {
        return new DD(value, 0);
    }

    /** {@code a + b} exactly, by Knuth's algorithm. */
    static DD sum(double a, double b) {
        double sum = a + b;
        double other = sum - a;
        return new DD(sum, (a - (sum - other)) + (b - other));
    }

    /** {@code a·b} exactly. */
    static DD product(double a, double b) {
        double product = a * b;
        return new DD(product, Math.fma(a, b, -product));
    }

    /** The nearest double to the number. */
    double value() {
        return high + low;
    }

    DD plus(double other) {
        DD sum = sum(high, other);
        return normal(sum.high, sum.low + low);
    }

    DD plus(DD other) {
        DD sum = sum(high, other.high);
        DD rest = sum(low, other.low);
        DD first = normal(sum.high, sum.low + rest.high);
        return normal(first.high, first.low + rest.low);
    }

    DD minus(DD other) {
        return plus(other.negated());
    }

    DD negated() {
        return new DD(-high, -low);
    }

    DD abs() {
        return high < 0 ? negated() : this;
    }

    DD times(double factor) {
        DD product = product(high, factor);
        return normal(product.high, product.low + low * factor);
    }

    DD times(DD factor) {
        DD product = product(high, factor.high);
        return normal(product.high, product.low + (high * factor.low + low * factor.high));
    }

    DD over(DD divisor) {
        double first = high / divisor.high;
        DD rest = minus(divisor.times(first));
        double second = rest.high / divisor.high;
        return normal(first, second).plus(rest.minus(divisor.times(second)).high / divisor.high);
    }

    DD over(double divisor) {
        return over(of(divisor));
    }

    /** The square root of a positive number. */
    DD sqrt() {
        double root = Math.sqrt(high);
        return normal(root, minus(product(root, root)).high / (2 * root));
    }

    /** The same sum with the nearest double first; {@code high} has the larger magnitude, or is 0. */
    static DD normal(double high, double low) {
        double sum = high + low;
        return new DD(sum, low - (sum - high));
    }

    /** The logarithm of a positive number, with a relative error below 2⁻⁵⁷, even near 1. */
    DD log() {
        if (high < Double.MIN_NORMAL) {
            return times(0x1p54).log().minus(LN2.times(54));
        }
        double rest = low / high;
        return Powers.log(high).plus(rest - 0.5 * rest * rest);
    }

    /** The sine of an angle between −π/2 and π/2, with a relative error below 2⁻⁵⁷. */
    DD sin() {
        DD z = times(this);
        double tail = 1;
        for (int n = 25; n > 7; n -= 2) {
            tail = 1 - z.high / (n * (n - 1)) * tail;
        }
        DD series = of(tail);
        for (int n = 7; n > 1; n -= 2) {
            series = ONE.minus(z.over(n * (n - 1)).times(series));
        }
        return times(series);
    }

    /** {@code eˣ} for x between −700 and 700, with a relative error below 2⁻⁵⁶. */
    DD exp() {
        double power = power();
        DD fraction = fraction(power);
        return new DD(Math.scalb(fraction.high, (int) power), Math.scalb(fraction.low, (int) power));
    }

    /** {@code eˣ·factor}, where x is this number, which may be any finite number; rounded once, or twice if the result is subnormal. */
    double expTimes(DD factor) {
        // Beyond these bounds of x the result is 0 or infinite for every factor with which this method is called.
        if (Math.abs(high) > 2000) {
            return high < 0 ? 0 * factor.high : factor.high / 0.0;
        }
        double power = power();
        return Math.scalb(fraction(power).times(factor).value(), (int) power);
    }

    private double power() {
        return Math.rint(high * ExpSeries.LOG2_E);
    }

    /** The factor {@code eʳ} of {@code eˣ = 2ᵏ·eʳ}, where x is this number, k its {@link #power}, and {@code r = x − k·ln 2}. */
    private DD fraction(double k) {
        DD r = minus(LN2.times(k));
        double x = r.high;
        double tail = 1.0 / 6227020800L;
        double factorial = 479001600;
        for (int n = 12; n >= 3; n--) {
            tail = tail * x + 1 / factorial;
            factorial /= n;
        }
        return r.times(r).times(0.5).plus(x * x * x * tail).plus(r).plus(1);
    }
}
