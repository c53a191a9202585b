package io.adjoint.nn.train;

import io.adjoint.nn.train.Amount.Unit;
import java.time.Duration;

/** The length of a training: a number of epochs or of optimizer steps, or a time. All count from its very beginning. */
public final class Length {
    private final Amount whole;

    private Length(Amount whole) {
        this.whole = whole;
    }

    /**
     * A number of epochs.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Length epochs(int count) {
        return new Length(Amount.epochs(Length.class, 0, count));
    }

    /**
     * A number of steps of the optimizer; the training may end within an epoch.
     *
     * @throws IllegalArgumentException if it is negative or above 2⁵³
     */
    public static Length steps(long count) {
        return new Length(Amount.steps(Length.class, 0, count));
    }

    /**
     * A time that is spent within {@code fit}: the training ends after the step in which it is over. Its number of steps differs from run
     * to run.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Length of(Duration time) {
        return new Length(Amount.of(Length.class, 0, time));
    }

    boolean isTime() {
        return whole.isTime();
    }

    boolean isReached(int epochs, long steps, double seconds) {
        return whole.in(epochs, steps, seconds) >= whole.count();
    }

    /** The fraction of the training that is done, from 0 to 1; {@code epochs} may be fractional. */
    double done(double epochs, long steps, double seconds) {
        return whole.count() == 0 ? 1 : Math.min(1, whole.in(epochs, steps, seconds) / whole.count());
    }

    /**
     * The number of steps of the whole training.
     *
     * @param batches the number of batches in an epoch; 0 if it is unknown
     * @param accumulated the number of batches whose gradients are accumulated for a step
     * @throws IllegalArgumentException if the number of steps can't be determined
     */
    long steps(int batches, int accumulated) {
        if (whole.isTime() || (whole.unit() == Unit.EPOCHS && batches == 0)) {
            throw new IllegalArgumentException(
                    "Trainer: the schedule spans the whole training, whose number of steps nobody"
                            + " knows; give a DataLoader or a list, or Length.steps");
        }
        long stepsOfEpoch = (batches + accumulated - 1L) / accumulated;
        return (long) whole.in(whole.count() * stepsOfEpoch, (long) whole.count(), 0);
    }

    /** The text for the position of a training: {@code epoch 3/40}. */
    String position(int epoch, long step) {
        long count = (long) whole.count();
        return switch (whole.unit()) {
            case EPOCHS -> "epoch " + epoch + "/" + count;
            case STEPS -> "step " + step + "/" + count;
            case SECONDS -> "step " + step;
        };
    }

    /** The count and its unit: {@code 40 epochs}. */
    @Override
    public String toString() {
        return whole.toString();
    }
}
