package io.adjoint.spark;

import io.adjoint.nn.optim.Schedule;
import java.io.Serializable;

/**
 * Makes the schedule of the learning rate of a training: {@code CosineAnnealing::new}. A factory that is to be saved is a public class, as
 * with a {@link ModelFactory}.
 */
@FunctionalInterface
public interface ScheduleFactory extends Serializable {
    /**
     * A schedule by the step of the optimizer, the first being 0.
     *
     * @param learningRate the learning rate of the estimator
     * @param steps the number of steps of the whole training
     */
    Schedule of(double learningRate, long steps);
}
