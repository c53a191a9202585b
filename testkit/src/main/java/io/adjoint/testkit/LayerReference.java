package io.adjoint.testkit;

import io.adjoint.core.NdArray;
import java.util.Map;

/** The expected output of a layer, computed as plainly as possible. */
@FunctionalInterface
public interface LayerReference {
    /**
     * The output in one of the modes.
     *
     * @param state the parameters and buffers before the forward pass by path, as {@link io.adjoint.nn.Block#state()} has them
     * @param inputs the inputs
     * @param training whether the layer is in training mode
     * @return the output in FLOAT64; all tensors of a record end to end
     */
    NdArray of(Map<String, NdArray> state, NdArray[] inputs, boolean training);
}
