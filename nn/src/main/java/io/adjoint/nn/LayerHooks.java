package io.adjoint.nn;

import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Hooks;
import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of a layer, each list in the order of registration. The hooks on gradients are called by the engine, not by a backward rule of
 * this class.
 */
final class LayerHooks {
    final Hooks<UnaryOperator<Tensor>> before = new Hooks<>();
    final Hooks<BinaryOperator<Tensor>> after = new Hooks<>();
    final Hooks<UnaryOperator<Tensor>> onGradient = new Hooks<>();

    /** Computes the output of a layer's body, with the hooks before and after it. */
    Tensor around(Tensor x, UnaryOperator<Tensor> body) {
        Tensor input = x;
        for (UnaryOperator<Tensor> hook : before) {
            input = required(hook.apply(input), "a hook before forward returned null; return the input to leave it");
        }
        Tensor output = Layer.requireOutput(body.apply(input));
        for (BinaryOperator<Tensor> hook : after) {
            output = required(
                    hook.apply(input, output), "a hook after forward returned null; return the output to leave it");
        }
        if (onGradient.isEmpty() || !output.requiresGrad()) {
            return output;
        }
        if (output == input || output.isLeaf()) {
            // If the output is the input or a leaf, a new tensor takes its place, since the hooks must not see the
            // gradients that the input or the leaf gets from other operations.
            output = LibraryOps.op("output", output.data(), Edge.edge(output, g -> g));
        }
        for (UnaryOperator<Tensor> hook : onGradient) {
            output.onGradient(hook);
        }
        return output;
    }

    private static Tensor required(@Nullable Tensor tensor, String message) {
        if (tensor == null) {
            throw new IllegalArgumentException(message);
        }
        return tensor;
    }
}
