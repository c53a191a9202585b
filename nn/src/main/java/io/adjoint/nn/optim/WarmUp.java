package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * A linear rise to the first value of another schedule, which follows.
 *
 * <pre>{@code
 * at(t) = then.at(0)·(start + (1 − start)·t/steps)   for t < steps
 * at(t) = then.at(t − steps)                         afterwards
 * }</pre>
 *
 * @param then the schedule after the rise
 * @param steps the number of steps of the rise
 * @param start the fraction of {@code then.at(0)} at step 0, from 0 to 1; 0 by default, so that step 0 only begins an optimizer's running
 *     means
 */
@CheckReturnValue
public record WarmUp(Schedule then, long steps, double start) implements Schedule {
    /**
     * A rise.
     *
     * @throws IllegalArgumentException if the number of steps is not positive, or the start is not from 0 to 1
     */
    public WarmUp {
        Settings.requireCount(WarmUp.class, "number of steps", steps);
        Settings.requireFraction(WarmUp.class, "start", start);
    }

    /** A rise from 0. */
    public WarmUp(Schedule then, long steps) {
        this(then, steps, 0);
    }

    /** With another fraction of {@code then.at(0)} at step 0. */
    public WarmUp start(double fraction) {
        return new WarmUp(then, steps, fraction);
    }

    @Override
    public double at(long step) {
        double t = Settings.requireStep(getClass(), step);
        return step < steps ? then.at(0) * (start + (1 - start) * (t / steps)) : then.at(step - steps);
    }
}
