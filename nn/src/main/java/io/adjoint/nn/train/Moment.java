package io.adjoint.nn.train;

import java.time.Instant;

/**
 * A moment of a training, for logs.
 *
 * @param step the number of optimizer steps so far
 * @param epoch the number of epochs that are over
 * @param time the wall time
 */
public record Moment(long step, int epoch, Instant time) {
    /**
     * A moment.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public Moment {
        if (step < 0 || epoch < 0) {
            throw new IllegalArgumentException(
                    "Moment: the numbers of steps and epochs must not be negative, got " + step + " and " + epoch);
        }
    }

    /** The present moment of a training after a number of steps and epochs. */
    public static Moment now(long step, int epoch) {
        return new Moment(step, epoch, Instant.now());
    }

    /** Returns whether this comes after another moment by its steps, or if these are equal by its epochs. */
    public boolean isAfter(Moment other) {
        return step > other.step || (step == other.step && epoch > other.epoch);
    }
}
