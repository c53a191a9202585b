package io.adjoint.testkit;

import io.adjoint.core.NdArray;
import java.util.Map;

/** The expected buffers of a layer after a forward pass in training, computed as plainly as possible. */
@FunctionalInterface
public interface BufferReference {
    /**
     * The buffers that the pass changes.
     *
     * @param state the parameters and buffers before the pass by path, as {@link io.adjoint.nn.Block#state()} has them
     * @param inputs the inputs
     * @return the changed buffers by path, in FLOAT64 or the buffer's own type
     */
    Map<String, NdArray> of(Map<String, NdArray> state, NdArray... inputs);
}
