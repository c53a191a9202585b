package io.adjoint.nn.train;

import io.adjoint.nn.train.Length.Unit;
import java.time.Duration;

/** The interval at which something is done while a training runs: {@code Every.steps(500)}. */
public final class Every {
    /** After each epoch. */
    public static final Every EPOCH = epochs(1);
    /** After each step of the optimizer. */
    public static final Every STEP = steps(1);

    private final Length interval;

    private Every(Length interval) {
        this.interval = interval;
    }

    /**
     * After every {@code count} epochs.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    public static Every epochs(int count) {
        return new Every(Length.epochs(Every.class, 1, count));
    }

    /**
     * After every {@code count} steps of the optimizer.
     *
     * @throws IllegalArgumentException if the number is less than 1 or above 2⁵³
     */
    public static Every steps(long count) {
        return new Every(Length.steps(Every.class, 1, count));
    }

    /**
     * After the first step that ends when another interval of this length is over, {@code Every.of(Duration.ofMinutes(10))}; these are
     * other steps in each run.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public static Every of(Duration time) {
        return new Every(Length.of(Every.class, 1, time));
    }

    boolean isTime() {
        return interval.isTime();
    }

    /** Returns whether this interval is one epoch, so that something at this interval has one value for each epoch. */
    boolean isEachEpoch() {
        return interval.unit == Unit.EPOCHS && interval.count == 1;
    }

    boolean isDueAfterEpoch(int epochs) {
        return interval.unit == Unit.EPOCHS && epochs % (long) interval.count == 0;
    }

    /**
     * Returns whether something at this interval is due after a step.
     *
     * @param before the elapsed seconds of the training at the previous step
     * @param seconds the elapsed seconds at this step
     */
    boolean isDueAfterStep(long steps, double before, double seconds) {
        double count = interval.count;
        return switch (interval.unit) {
            case EPOCHS -> false;
            case STEPS -> steps % (long) count == 0;
            case SECONDS -> Math.floor(seconds / count) > Math.floor(before / count);
        };
    }

    /** The number of completed intervals, for a schedule by steps or epochs. */
    long passed(long steps, int epochs) {
        return (long) interval.in(epochs, steps, 0) / (long) interval.count;
    }

    /** The interval: {@code every 500 steps}. */
    @Override
    public String toString() {
        return "every " + interval;
    }
}
