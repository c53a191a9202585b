package io.adjoint.io.onnx;

import io.adjoint.nn.Layer;

/**
 * Adds the nodes that compute the output of a layer in evaluation mode.
 *
 * @param <L> the layers
 */
@FunctionalInterface
public interface OnnxLayerRule<L extends Layer> {
    /**
     * Adds the nodes of a layer.
     *
     * @param graph takes them
     * @return the layer's output for an input
     * @throws IllegalArgumentException if ONNX can't express the layer; best made by {@link OnnxGraph#refusal}
     */
    OnnxValue add(OnnxGraph graph, L layer, OnnxValue x);
}
