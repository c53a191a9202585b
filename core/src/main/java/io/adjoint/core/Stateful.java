package io.adjoint.core;

import java.util.Map;

/**
 * Something that changes while a training runs, and can be continued: blocks, optimizers, generators, data loaders, trainers, averages.
 * A program's own classes, such as a baseline that it adapts, implement this as well, by one method that declares each field with its
 * value and its setter:
 *
 * <pre>{@code
 * final class Baseline implements Stateful {
 *     private double mean;
 *
 *     @Override
 *     public void declareState(StateFields fields) {
 *         fields.number("mean", mean, value -> mean = value);
 *     }
 * }
 * }</pre>
 *
 * <p>{@link #state()} and {@link #load} are made of that method, so the saved fields are the loaded ones.
 */
@FunctionalInterface
public interface Stateful {
    /**
     * Declares the state that the object carries from step to step: each number and array by name, with the value that is saved and the
     * assignment that loads it. Each {@link #state()} and each {@link #load} calls this method once. The method itself changes nothing:
     * setters and {@link StateFields#onLoad} run after the whole state was found to fit.
     */
    void declareState(StateFields fields);

    /**
     * A copy of the state that the object carries from step to step, as arrays by name. Checkpoints call {@link #declareState}, neither
     * this method nor {@link #load}, so they don't see an override of either.
     */
    default Map<String, NdArray> state() {
        return StateFields.saved(this, true);
    }

    /**
     * Continues from a state that {@link #state()} gave. Checkpoints call {@link #declareState} instead.
     *
     * @throws IllegalArgumentException that lists every array that is missing, unexpected, or of another dtype or shape, or names a value
     *     that is impossible; then nothing has changed
     */
    default void load(Map<String, NdArray> state) {
        StateFields.checked(StateFields.name(this), this, state, true).run();
    }
}
