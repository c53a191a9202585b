package io.adjoint.view;

import java.util.Locale;

/**
 * The tick marks of an axis: the multiples {@code first·spacing} to {@code last·spacing} of a spacing that is 1, 2 or 5 times a power of
 * ten.
 */
record Ticks(double spacing, long first, long last) {
    /** Smaller differences occur between denormal numbers only, which have few significant digits. */
    private static final double LEAST_SPACING = 1e-320;

    /** The tick marks within a range, at most about {@code count}; all are integers, since the spacing is at least 1. */
    static Ticks within(double least, double most, int count) {
        double spacing = spacing(Math.max(1, (most - least) / count));
        return new Ticks(spacing, (long) Math.ceil(least / spacing - 1e-9), (long) Math.floor(most / spacing + 1e-9));
    }

    /**
     * The tick marks of which the first and the last enclose a range. A range of almost equal numbers is widened, so that these numbers lie
     * in the middle.
     *
     * @param atLeast the least spacing
     */
    static Ticks around(double least, double most, int count, double atLeast) {
        double size = Math.max(Math.abs(least), Math.abs(most));
        double from = least;
        double to = most;
        if (size == 0) {
            to = 1;
        } else if (most / size - least / size <= 1e-6) {
            from = Math.max(-Double.MAX_VALUE, least - size / 2);
            to = Math.min(Double.MAX_VALUE, most + size / 2);
        }
        double spacing = spacing(Math.max(atLeast, to / count - from / count));
        long first = (long) Math.floor(from / spacing + 1e-9);
        return new Ticks(spacing, first, Math.max(first + 1, (long) Math.ceil(to / spacing - 1e-9)));
    }

    private static double spacing(double difference) {
        double atLeast = Math.max(LEAST_SPACING, difference);
        double power = Double.parseDouble("1e" + (int) Math.floor(StrictMath.log10(atLeast)));
        double mantissa = atLeast / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }

    int count() {
        return (int) (last - first + 1);
    }

    double at(int mark) {
        return (first + mark) * spacing;
    }

    /** The fraction of the way from the first to the last tick mark at which a number lies. */
    double share(double number) {
        return (number / spacing - first) / (last - first);
    }

    /** The text of a tick mark, with as many decimals as the spacing needs; empty for a tick mark above the largest number. */
    String text(int mark) {
        double value = at(mark);
        double size = Math.max(Math.abs(first * spacing), Math.abs(last * spacing));
        if (Double.isInfinite(value)) {
            return "";
        }
        if (size >= 1e6 || spacing < 1e-4) {
            return NumberText.text(value, 3);
        }
        int digits = Math.max(0, -(int) Math.floor(StrictMath.log10(spacing) + 1e-9));
        return String.format(Locale.ROOT, "%." + digits + "f", value == 0 ? 0.0 : value);
    }
}
