package io.adjoint.nn.train;

import io.adjoint.nn.Settings;
import java.time.Duration;
import java.util.Locale;

/** A number of epochs or steps, or a time: the length of a training, or an interval within it. */
record Amount(Unit unit, double count) {
    /** The largest number of steps: 2⁵³, up to which a double represents every integer exactly. */
    private static final long MOST_STEPS = 1L << 53;

    enum Unit {
        EPOCHS,
        STEPS,
        SECONDS
    }

    /**
     * A number of epochs.
     *
     * @param owner the class that error messages name
     * @param least the smallest accepted number of epochs, 0 or 1
     */
    static Amount epochs(Class<?> owner, int least, int count) {
        Settings.require(count >= least, owner, "number of epochs", "be at least " + least, count);
        return new Amount(Unit.EPOCHS, count);
    }

    /** A number of optimizer steps. */
    static Amount steps(Class<?> owner, int least, long count) {
        Settings.require(
                count >= least && count <= MOST_STEPS,
                owner,
                "number of steps",
                "be from " + least + " to 2^53",
                count);
        return new Amount(Unit.STEPS, count);
    }

    /** A time, which must not be negative, and must be positive if {@code least} is 1. */
    static Amount of(Class<?> owner, int least, Duration time) {
        Settings.require(
                !time.isNegative() && (least == 0 || !time.isZero()),
                owner,
                "time",
                least == 0 ? "not be negative" : "be positive",
                time);
        return new Amount(Unit.SECONDS, time.getSeconds() + time.getNano() / 1e9);
    }

    boolean isTime() {
        return unit == Unit.SECONDS;
    }

    /** Returns the argument that is measured in this amount's unit. */
    double in(double epochs, long steps, double seconds) {
        return switch (unit) {
            case EPOCHS -> epochs;
            case STEPS -> steps;
            case SECONDS -> seconds;
        };
    }

    /** The count and its unit: {@code 1 epoch}, {@code 500 steps}. */
    @Override
    public String toString() {
        String number = count == Math.rint(count) ? Long.toString((long) count) : Double.toString(count);
        String plural = unit.name().toLowerCase(Locale.ROOT);
        return number + " " + (count == 1 ? plural.substring(0, plural.length() - 1) : plural);
    }
}
