package io.adjoint.nn.train;

import io.adjoint.nn.Settings;
import java.time.Duration;
import java.util.Locale;

/** The length of a training: a number of epochs or of optimizer steps, or a time. All count from its very beginning. */
public final class Length {
    /** The largest number of steps: 2⁵³, up to which a double represents every integer exactly. */
    private static final long MOST_STEPS = 1L << 53;

    /** The units of a length. */
    enum Unit {
        EPOCHS,
        STEPS,
        SECONDS
    }

    final Unit unit;
    final double count;

    private Length(Unit unit, double count) {
        this.unit = unit;
        this.count = count;
    }

    /**
     * A number of epochs.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Length epochs(int count) {
        return epochs(Length.class, 0, count);
    }

    /**
     * A number of steps of the optimizer; the training may end within an epoch.
     *
     * @throws IllegalArgumentException if it is negative or above 2⁵³
     */
    public static Length steps(long count) {
        return steps(Length.class, 0, count);
    }

    /**
     * A time that is spent within {@code fit}: the training ends after the step in which it is over. Its number of steps differs from run
     * to run.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Length of(Duration time) {
        return of(Length.class, 0, time);
    }

    /**
     * A number of epochs.
     *
     * @param owner the class that error messages name
     * @param least the smallest accepted number of epochs, 0 or 1
     */
    static Length epochs(Class<?> owner, int least, int count) {
        Settings.require(count >= least, owner, "number of epochs", "be at least " + least, count);
        return new Length(Unit.EPOCHS, count);
    }

    /** A number of steps, as {@link #epochs(Class, int, int)}. */
    static Length steps(Class<?> owner, int least, long count) {
        Settings.require(
                count >= least && count <= MOST_STEPS,
                owner,
                "number of steps",
                "be from " + least + " to 2^53",
                count);
        return new Length(Unit.STEPS, count);
    }

    /** A time, which must not be negative, and must be positive if {@code least} is 1. */
    static Length of(Class<?> owner, int least, Duration time) {
        Settings.require(
                !time.isNegative() && (least == 0 || !time.isZero()),
                owner,
                "time",
                least == 0 ? "not be negative" : "be positive",
                time);
        return new Length(Unit.SECONDS, time.getSeconds() + time.getNano() / 1e9);
    }

    boolean isTime() {
        return unit == Unit.SECONDS;
    }

    /** Returns the argument that is measured in this length's unit. */
    double in(double epochs, long steps, double seconds) {
        return switch (unit) {
            case EPOCHS -> epochs;
            case STEPS -> steps;
            case SECONDS -> seconds;
        };
    }

    boolean isReached(int epochs, long steps, double seconds) {
        return in(epochs, steps, seconds) >= count;
    }

    /** The fraction of the training that is done, from 0 to 1; {@code epochs} may be fractional. */
    double done(double epochs, long steps, double seconds) {
        return count == 0 ? 1 : Math.min(1, in(epochs, steps, seconds) / count);
    }

    /**
     * The number of steps of the whole training.
     *
     * @param batches the number of batches in an epoch; 0 if it is unknown
     * @param accumulated the number of batches whose gradients are accumulated for a step
     * @throws IllegalArgumentException if the number of steps can't be determined
     */
    long steps(int batches, int accumulated) {
        if (isTime() || (unit == Unit.EPOCHS && batches == 0)) {
            throw new IllegalArgumentException(
                    "Trainer: the schedule spans the whole training, whose number of steps nobody"
                            + " knows; give a DataLoader or a list, or Length.steps");
        }
        long stepsOfEpoch = (batches + accumulated - 1L) / accumulated;
        return (long) in(count * stepsOfEpoch, (long) count, 0);
    }

    /** The text for the position of a training: {@code epoch 3/40}. */
    String position(int epoch, long step) {
        long all = (long) count;
        return switch (unit) {
            case EPOCHS -> "epoch " + epoch + "/" + all;
            case STEPS -> "step " + step + "/" + all;
            case SECONDS -> "step " + step;
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
