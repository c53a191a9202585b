package io.adjoint.nn.train;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Internal;
import io.adjoint.nn.Settings;
import java.util.Map;

/**
 * A log that writes the numbers of epochs and, on demand, of steps.
 *
 * @param <L> the class of the log itself
 * @hidden
 */
@Internal
public abstract class NumbersLog<L extends NumbersLog<L>> implements Log {
    private long interval;

    /** A log without the numbers of steps. */
    protected NumbersLog() {}

    /**
     * Also writes the numbers of a step, {@link Step#values}, after every {@code count} steps: the batch's loss, the learning rate and the
     * gradient norm, where these are known.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    @CanIgnoreReturnValue
    @SuppressWarnings("unchecked") // the subclass passes itself
    public final L everySteps(long count) {
        Settings.requireCount(getClass(), "number of steps", count);
        interval = count;
        return (L) this;
    }

    @Override
    public void step(Step step) {
        if (interval > 0 && step.at().step() % interval == 0) {
            numbers(step.at(), step.values());
        }
    }

    @Override
    public void epoch(Moment at, Map<String, Double> values) {
        numbers(at, values);
    }
}
