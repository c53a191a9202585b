package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import java.util.List;

/**
 * Runs a block that has a signature of its own on the inputs of the export.
 *
 * @param <B> the blocks
 */
@FunctionalInterface
public interface OnnxForward<B extends Block> {
    /**
     * The outputs of a block.
     *
     * @param inputs the inputs of the rule for a batch of the example, with floating inputs in the model's type
     * @return as many outputs as the rule has, in the same order
     */
    List<Tensor> run(B block, List<Tensor> inputs);
}
