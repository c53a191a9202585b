package io.adjoint.view;

import java.util.Locale;

/** The tick marks of an axis: the multiples {@code first·step} to {@code last·step} of a step that is 1, 2 or 5 times a power of ten. */
record Ticks(double step, long first, long last) {
    /** The tick marks within a range, at most about {@code count}; all are integers, since the step is at least 1. */
    static Ticks within(double least, double most, int count) {
        double step = Math.max(1, step((most - least) / count));
        return new Ticks(step, (long) Math.ceil(least / step - 1e-9), (long) Math.floor(most / step + 1e-9));
    }

    /** The tick marks of which the first and the last enclose a range. */
    static Ticks around(double least, double most, int count) {
        double step = step((most - least) / count);
        return new Ticks(step, (long) Math.floor(least / step + 1e-9), (long) Math.ceil(most / step - 1e-9));
    }

    private static double step(double atLeast) {
        double power = Double.parseDouble("1e" + (int) Math.floor(StrictMath.log10(atLeast)));
        double mantissa = atLeast / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }

    int count() {
        return (int) (last - first + 1);
    }

    double at(int mark) {
        return (first + mark) * step;
    }

    /** The text of a tick mark, with as many decimals as the step needs. */
    String text(int mark) {
        double value = at(mark);
        double size = Math.max(Math.abs(first * step), Math.abs(last * step));
        if (size >= 1e6 || step < 1e-4) {
            return NumberText.text(value, 3);
        }
        int digits = Math.max(0, -(int) Math.floor(StrictMath.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + digits + "f", value == 0 ? 0.0 : value);
    }
}
