package io.adjoint.nn;

import io.adjoint.core.NdArray;
import java.util.Map;

/**
 * Something that changes while a training runs, and can be continued: {@link Block}s, optimizers, data loaders, trainers, averages. What a
 * program keeps itself, such as a baseline that it adapts, implements this as well.
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
