package io.adjoint.io.onnx;

import java.util.List;

/** Adds the nodes that compute an operation, such as one that you record by {@link io.adjoint.autograd.Autograd#op}. */
@FunctionalInterface
public interface OnnxOperation {
    /**
     * Adds the nodes of an operation.
     *
     * @param graph takes them
     * @param inputs the inputs of the operation, in the order in which it was given them
     * @return the operation's value
     * @throws IllegalArgumentException if ONNX can't express the operation; best made by {@link OnnxGraph#refusal}
     */
    OnnxValue add(OnnxGraph graph, List<OnnxValue> inputs);
}
