package io.adjoint.nn;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The hooks of a layer, each list in the order of registration. */
final class LayerHooks {
    private final List<UnaryOperator<Tensor>> before = new CopyOnWriteArrayList<>();
    private final List<BinaryOperator<Tensor>> after = new CopyOnWriteArrayList<>();
    private final List<UnaryOperator<Tensor>> onGradient = new CopyOnWriteArrayList<>();

    Hook addBefore(UnaryOperator<Tensor> hook) {
        before.add(hook);
        return () -> before.remove(hook);
    }

    Hook addAfter(BinaryOperator<Tensor> hook) {
        after.add(hook);
        return () -> after.remove(hook);
    }

    Hook addOnGradient(UnaryOperator<Tensor> hook) {
        onGradient.add(hook);
        return () -> onGradient.remove(hook);
    }

    /** The output of a body for an input, with the hooks around it. */
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
            // The hooks are for the gradient of this output, not for that of the input or of a parameter.
            output = Autograd.op("output", output.data(), Edge.edge(output, g -> g));
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
