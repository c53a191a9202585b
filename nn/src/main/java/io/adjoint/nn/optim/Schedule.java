package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.Settings;

/**
 * A learning rate, or another setting, as a function of the step: {@code optimizer.learningRate(schedule.at(step))} before each step. It
 * has no state, so you can plot it, and a training that resumes at a step needs only the number of the step. Steps may be batches or
 * epochs.
 *
 * <p>Groups of parameters follow through their {@link ParameterGroup#rateScale()}, a factor of the optimizer's rate. Your own schedule is a
 * lambda: {@code Schedule halves = step -> 0.1 * Math.pow(0.5, step / 1000)}.
 */
@CheckReturnValue
@FunctionalInterface
public interface Schedule {
    /**
     * The value for a step, the first being 0.
     *
     * @throws IllegalArgumentException if the step is negative, for the schedules of this package
     */
    double at(long step);

    /**
     * This schedule in the first steps, then another one, which begins with its step 0; PyTorch's {@code SequentialLR}. For three, the
     * second milestone counts from the very beginning, too: {@code a.then(10, b).then(30, c)}.
     *
     * @param milestone the first step of the other schedule
     * @throws IllegalArgumentException if the milestone is negative
     */
    default Schedule then(long milestone, Schedule next) {
        Settings.require(milestone >= 0, Schedule.class, "milestone", "not be negative", milestone);
        return step -> step < milestone ? at(step) : next.at(step - milestone);
    }

    /**
     * The product of this schedule and factors of it, as PyTorch's {@code ChainedScheduler}:
     * {@code new StepDecay(0.1, 30).times(new LinearRamp(1))}.
     */
    default Schedule times(Schedule factor) {
        return step -> at(step) * factor.at(step);
    }
}
