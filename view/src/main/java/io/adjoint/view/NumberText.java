package io.adjoint.view;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as texts. */
final class NumberText {
    /** The digits of numbers in tables. */
    static final int DIGITS = 5;

    private NumberText() {}

    /** A number with a count of significant digits, without zeros at the end; by a power of ten if it is very small or large. */
    static String text(double value, int digits) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "−∞";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded =
                BigDecimal.valueOf(value).round(new MathContext(digits)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < Math.max(digits, 7)) {
            return rounded.toPlainString();
        }
        BigDecimal mantissa = rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros();
        return mantissa.toPlainString() + "e" + exponent;
    }

    static String text(double value) {
        return text(value, DIGITS);
    }

    /** A duration: {@code 0.35 s}, {@code 12 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
    static String duration(double seconds) {
        if (seconds < 10) {
            return text(seconds, 2) + " s";
        }
        long all = Math.round(seconds);
        if (all < 60) {
            return all + " s";
        }
        return all < 3600
                ? all / 60 + " min " + two(all % 60) + " s"
                : all / 3600 + " h " + two(all / 60 % 60) + " min";
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }

    /** A number of bytes in the largest unit that fits: {@code 12.3 MiB}. */
    static String bytes(double bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (bytes >= 1024 && unit < units.length - 1) {
            bytes /= 1024;
            unit++;
        }
        return text(bytes, 3) + " " + units[unit];
    }
}
