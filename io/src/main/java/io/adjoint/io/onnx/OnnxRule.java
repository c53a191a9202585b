package io.adjoint.io.onnx;

import io.adjoint.nn.Block;
import java.util.List;

/**
 * Adds the nodes that compute the output of a block in evaluation mode.
 *
 * @param <B> the blocks
 */
@FunctionalInterface
interface OnnxRule<B extends Block> {
    /**
     * Adds the nodes of a block.
     *
     * @param graph takes them
     * @param inputs the arguments of its {@code forward}
     * @return its outputs
     * @throws IllegalArgumentException if ONNX can't express the block; best made by {@link OnnxGraph#refusal}
     */
    List<OnnxValue> add(OnnxGraph graph, B block, List<OnnxValue> inputs);
}
