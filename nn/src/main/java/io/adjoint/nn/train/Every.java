package io.adjoint.nn.train;

import io.adjoint.nn.Settings;
import java.time.Duration;

/** The interval at which something is done while a training runs: {@code Every.steps(500)}. */
public final class Every {
    /** After each epoch. */
    public static final Every EPOCH = new Every(Unit.EPOCHS, 1);
    /** After each step of the optimizer. */
    public static final Every STEP = new Every(Unit.STEPS, 1);

    private final Unit unit;
    private final double count;

    private Every(Unit unit, double count) {
        this.unit = unit;
        this.count = count;
    }

    /**
     * After some epochs each.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    public static Every epochs(int count) {
        return new Every(Unit.EPOCHS, Settings.requireCount(Every.class, "number of epochs", count));
    }

    /**
     * After some steps of the optimizer each.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    public static Every steps(long count) {
        Settings.requireCount(Every.class, "number of steps", count);
        return new Every(Unit.STEPS, count);
    }

    /**
     * After the first step that ends when another such time is over; at other steps in each run.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public static Every of(Duration time) {
        Settings.require(!time.isNegative() && !time.isZero(), Every.class, "time", "be positive", time);
        return new Every(Unit.SECONDS, time.toNanos() / 1e9);
    }

    /**
     * After the first step that ends when some more minutes are over.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    public static Every minutes(double count) {
        return new Every(Unit.SECONDS, 60 * Settings.requirePositive(Every.class, "number of minutes", count));
    }

    boolean isTime() {
        return unit == Unit.SECONDS;
    }

    /** Returns whether values at this interval are one for each epoch. */
    boolean isEachEpoch() {
        return unit == Unit.EPOCHS && count == 1;
    }

    boolean isDueAfterEpoch(int epochs) {
        return unit == Unit.EPOCHS && epochs % (long) count == 0;
    }

    /**
     * Returns whether it is due after a step.
     *
     * @param before the seconds of training until the step before
     * @param seconds the seconds until this one
     */
    boolean isDueAfterStep(long steps, double before, double seconds) {
        return switch (unit) {
            case EPOCHS -> false;
            case STEPS -> steps % (long) count == 0;
            case SECONDS -> Math.floor(seconds / count) > Math.floor(before / count);
        };
    }

    /** The number of intervals that are over, for a schedule by steps or epochs. */
    long passed(long steps, int epochs) {
        return (unit == Unit.EPOCHS ? epochs : steps) / (long) count;
    }

    /** The interval: {@code every 500 steps}. */
    @Override
    public String toString() {
        return "every " + unit.text(count);
    }
}
