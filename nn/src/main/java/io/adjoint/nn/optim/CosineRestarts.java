package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * Falls along half a cosine, each of which begins at the first value again (SGDR; Loshchilov and Hutter, 2017): for the c-th step of a
 * period of n steps, {@code at = min + (value − min)·(1 + cos(π·c/n))/2}; PyTorch's {@code CosineAnnealingWarmRestarts}.
 *
 * @param value the first value of each period
 * @param steps the number of steps of the first period
 * @param mult the ratio of a period's length to the length of the period before, 1 by default
 * @param min the minimum, 0 by default
 */
@CheckReturnValue
public record CosineRestarts(double value, long steps, long mult, double min) implements Schedule {
    /**
     * Periods.
     *
     * @throws IllegalArgumentException if a value is negative or not finite, or the number of steps or the ratio is not positive
     */
    public CosineRestarts {
        Settings.requireNotNegative(CosineRestarts.class, "value", value);
        Settings.requireCount(CosineRestarts.class, "number of steps", steps);
        Settings.requireCount(CosineRestarts.class, "mult", mult);
        Settings.requireNotNegative(CosineRestarts.class, "min", min);
    }

    /** Periods of equal lengths, to 0. */
    public CosineRestarts(double value, long steps) {
        this(value, steps, 1, 0);
    }

    /** With periods that become longer by a factor. */
    public CosineRestarts mult(long ratio) {
        return new CosineRestarts(value, steps, ratio, min);
    }

    /** With another minimum. */
    public CosineRestarts min(double smallest) {
        return new CosineRestarts(value, steps, mult, smallest);
    }

    @Override
    public double at(long step) {
        Settings.requireStep(getClass(), step);
        if (mult == 1) {
            return OneCycle.alongCosine(value, min, (double) (step % steps) / steps);
        }
        long rest = step;
        long period = steps;
        while (rest >= period) {
            rest -= period;
            // A period longer than the largest step number never ends.
            period = period > Long.MAX_VALUE / mult ? Long.MAX_VALUE : period * mult;
        }
        return OneCycle.alongCosine(value, min, (double) rest / period);
    }
}
