package io.adjoint.nn.train;

import io.adjoint.nn.Settings;
import java.time.Duration;

/** The length of a training: a number of epochs or of optimizer steps, or a time. All count from its very beginning. */
public final class Length {
    private final Unit unit;
    private final double count;

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
        Settings.require(count >= 0, Length.class, "number of epochs", "not be negative", count);
        return new Length(Unit.EPOCHS, count);
    }

    /**
     * A number of steps of the optimizer; the training may end within an epoch.
     *
     * @throws IllegalArgumentException if it is negative or above 2⁵³
     */
    public static Length steps(long count) {
        Settings.require(count >= 0 && count <= 1L << 53, Length.class, "number of steps", "be from 0 to 2^53", count);
        return new Length(Unit.STEPS, count);
    }

    /**
     * A time that is spent within {@code fit}: the training ends after the step in which it is over. Its number of steps differs from run
     * to run.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Length of(Duration time) {
        Settings.require(!time.isNegative(), Length.class, "time", "not be negative", time);
        return new Length(Unit.SECONDS, time.toNanos() / 1e9);
    }

    boolean isTime() {
        return unit == Unit.SECONDS;
    }

    boolean isReached(int epochs, long steps, double seconds) {
        return of(epochs, steps, seconds) >= count;
    }

    /** The part of the training that is over, from 0 to 1; the epochs may have a fraction. */
    double done(double epochs, long steps, double seconds) {
        return count == 0 ? 1 : Math.min(1, of(epochs, steps, seconds) / count);
    }

    private double of(double epochs, long steps, double seconds) {
        return switch (unit) {
            case EPOCHS -> epochs;
            case STEPS -> steps;
            case SECONDS -> seconds;
        };
    }

    /**
     * The number of steps of the whole training.
     *
     * @param batches the number of batches in an epoch; 0 if nobody knows it
     * @param accumulated the number of batches for a step
     * @throws IllegalArgumentException if it isn't known
     */
    long steps(int batches, int accumulated) {
        if (unit == Unit.SECONDS || (unit == Unit.EPOCHS && batches == 0)) {
            throw new IllegalArgumentException(
                    "Trainer: the schedule spans the whole training, whose number of steps nobody"
                            + " knows; give a DataLoader or a list, or Length.steps");
        }
        long stepsOfEpoch = (batches + accumulated - 1L) / accumulated;
        return (long) (unit == Unit.STEPS ? count : count * stepsOfEpoch);
    }

    /** The text for the position of a training: {@code epoch 3/40}. */
    String position(int epoch, long step) {
        return switch (unit) {
            case EPOCHS -> "epoch " + epoch + "/" + (long) count;
            case STEPS -> "step " + step + "/" + (long) count;
            case SECONDS -> "step " + step;
        };
    }

    /** The count and its unit: {@code 40 epochs}. */
    @Override
    public String toString() {
        return unit.text(count);
    }
}
