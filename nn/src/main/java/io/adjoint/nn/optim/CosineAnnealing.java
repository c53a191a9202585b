package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * A fall along half a cosine: {@code at(t) = min + (value − min)·(1 + cos(π·t/steps))/2}; PyTorch's {@code CosineAnnealingLR}. After
 * {@code steps} it goes back up, and so on, as PyTorch's does; a training that goes on at the minimum says
 * {@code schedule.then(steps, new Constant(min))}.
 *
 * @param value the first value
 * @param steps the number of steps from it to the minimum
 * @param min the minimum, 0 by default
 */
@CheckReturnValue
public record CosineAnnealing(double value, long steps, double min) implements Schedule {
    /**
     * Half a cosine.
     *
     * @throws IllegalArgumentException if a value is negative or not finite, or the number of steps is not positive
     */
    public CosineAnnealing {
        Settings.requireNotNegative(CosineAnnealing.class, "value", value);
        Settings.requireCount(CosineAnnealing.class, "number of steps", steps);
        Settings.requireNotNegative(CosineAnnealing.class, "min", min);
    }

    /** Half a cosine to 0. */
    public CosineAnnealing(double value, long steps) {
        this(value, steps, 0);
    }

    /** With another minimum. */
    public CosineAnnealing min(double smallest) {
        return new CosineAnnealing(value, steps, smallest);
    }

    @Override
    public double at(long step) {
        return OneCycle.alongCosine(value, min, Settings.requireStep(getClass(), step) / steps);
    }
}
