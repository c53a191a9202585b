package io.adjoint.view;

import io.adjoint.autograd.view.ChainRule;

/** Formats numbers as texts. */
final class NumberText {
    /** The number of significant digits in tables. */
    static final int DIGITS = 5;

    private NumberText() {}

    /** A number with at most {@code digits} significant digits, in the format of the numbers in graphs drawn by {@link ChainRule}. */
    static String text(double value, int digits) {
        return ChainRule.number(value, digits);
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

    /** A number of bytes in the largest unit in which it is at least 1: {@code 12.3 MiB}. */
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
