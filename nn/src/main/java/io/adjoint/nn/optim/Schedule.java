package io.adjoint.nn.optim;

/**
 * A learning rate, or another setting, as a function of the step: {@code optimizer.learningRate(schedule.at(step))} before each step. It
 * has no state, so it can be plotted, and a training that is resumed at a step needs nothing else.
 */
@FunctionalInterface
public interface Schedule {
    /** The value for a step, the first being 0. */
    double at(long step);
}
