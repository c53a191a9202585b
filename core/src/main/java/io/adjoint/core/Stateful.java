package io.adjoint.core;

import java.util.Map;

/**
 * Something that changes while a training runs, and can be continued: blocks, optimizers, generators, data loaders, trainers, averages.
 * A program's own classes, such as a baseline that it adapts, implement this as well.
 */
public interface Stateful {
    /** A copy of all that is carried from step to step, as arrays by name. */
    Map<String, NdArray> state();

    /**
     * Continues from a state that {@link #state()} gave.
     *
     * @throws IllegalArgumentException if it does not fit; then nothing has changed
     */
    void load(Map<String, NdArray> state);
}
