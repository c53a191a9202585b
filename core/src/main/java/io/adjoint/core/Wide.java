package io.adjoint.core;

/**
 * A number as the unevaluated sum of two doubles, about 106 bits: for what cancels, and for the argument of an exponential, whose
 * rounding error would come out multiplied by its size. Products use the processor's fused multiply-add.
 *
 * @param high the nearest double
 * @param low what it lacks
 */
record Wide(double high, double low) {
    static final Wide ONE = new Wide(1, 0);
    static final Wide PI = new Wide(0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53);
    static final Wide LN2 = new Wide(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);

    private static final double LOG2_E = 1 / Math.log(2);
    private static final double SQRT_2 = Math.sqrt(2);

    static Wide of(double value) {
        return new Wide(value, 0);
    }

    /** {@code a + b} exactly (Knuth). */
    static Wide sum(double a, double b) {
        double sum = a + b;
        double other = sum - a;
        return new Wide(sum, (a - (sum - other)) + (b - other));
    }

    /** {@code a·b} exactly. */
    static Wide product(double a, double b) {
        double product = a * b;
        return new Wide(product, Math.fma(a, b, -product));
    }

    /** The nearest double. */
    double value() {
        return high + low;
    }

    Wide plus(double other) {
        Wide sum = sum(high, other);
        return normal(sum.high, sum.low + low);
    }

    Wide plus(Wide other) {
        Wide sum = sum(high, other.high);
        Wide rest = sum(low, other.low);
        Wide first = normal(sum.high, sum.low + rest.high);
        return normal(first.high, first.low + rest.low);
    }

    Wide minus(Wide other) {
        return plus(other.negated());
    }

    Wide negated() {
        return new Wide(-high, -low);
    }

    Wide abs() {
        return high < 0 ? negated() : this;
    }

    Wide times(double factor) {
        Wide product = product(high, factor);
        return normal(product.high, product.low + low * factor);
    }

    Wide times(Wide factor) {
        Wide product = product(high, factor.high);
        return normal(product.high, product.low + (high * factor.low + low * factor.high));
    }

    Wide over(Wide divisor) {
        double first = high / divisor.high;
        Wide rest = minus(divisor.times(first));
        double second = rest.high / divisor.high;
        return normal(first, second).plus(rest.minus(divisor.times(second)).high / divisor.high);
    }

    Wide over(double divisor) {
        return over(of(divisor));
    }

    /** The square root of a positive number. */
    Wide sqrt() {
        double root = Math.sqrt(high);
        return normal(root, minus(product(root, root)).high / (2 * root));
    }

    private static Wide normal(double high, double low) {
        double sum = high + low;
        return new Wide(sum, low - (sum - high));
    }

    /** The logarithm of a positive number; its error is below 2⁻⁵⁷ of it, near 1 too. */
    Wide log() {
        if (high < Double.MIN_NORMAL) {
            return times(0x1p54).log().minus(LN2.times(54));
        }
        int exponent = Math.getExponent(high);
        if (Math.scalb(high, -exponent) > SQRT_2) {
            exponent++;
        }
        Wide m = new Wide(Math.scalb(high, -exponent), Math.scalb(low, -exponent));
        // 2 artanh((m − 1)/(m + 1))
        Wide s = m.plus(-1).over(m.plus(1));
        double z = s.high * s.high;
        double tail = 1.0 / 25;
        for (int n = 23; n >= 3; n -= 2) {
            tail = tail * z + 1.0 / n;
        }
        return LN2.times(exponent).plus(s.times(2).plus(2 * s.high * (z * tail)));
    }

    /** The sine of an angle between −π/2 and π/2; its error is below 2⁻⁵⁷ of it. */
    Wide sin() {
        Wide z = times(this);
        double tail = 1;
        for (int n = 25; n > 7; n -= 2) {
            tail = 1 - z.high / (n * (n - 1)) * tail;
        }
        Wide series = of(tail);
        for (int n = 7; n > 1; n -= 2) {
            series = ONE.minus(z.over(n * (n - 1)).times(series));
        }
        return times(series);
    }

    /** {@code eˣ} for x between −700 and 700; its error is below 2⁻⁵⁶ of it. */
    Wide exp() {
        double power = power();
        Wide fraction = fraction(power);
        return new Wide(Math.scalb(fraction.high, (int) power), Math.scalb(fraction.low, (int) power));
    }

    /** {@code eˣ·factor} for any finite x, rounded once. */
    double expTimes(Wide factor) {
        // Beyond these bounds it vanishes or overflows with any factor that occurs.
        if (Math.abs(high) > 2000) {
            return high < 0 ? 0 * factor.high : factor.high / 0.0;
        }
        double power = power();
        return Math.scalb(fraction(power).times(factor).value(), (int) power);
    }

    private double power() {
        return Math.rint(high * LOG2_E);
    }

    /** {@code eˣ/2ᵏ}. */
    private Wide fraction(double k) {
        Wide r = minus(LN2.times(k));
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
