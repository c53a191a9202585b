package io.adjoint.nn;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.KeepsNoGradients;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of a layer, each list in the order of registration. The engine, not a backward rule of this class, calls those on gradients.
 */
@KeepsNoGradients
final class LayerHooks {
    private final List<Registered<UnaryOperator<Tensor>>> before = new CopyOnWriteArrayList<>();
    private final List<Registered<BinaryOperator<Tensor>>> after = new CopyOnWriteArrayList<>();
    private final List<Registered<UnaryOperator<Tensor>>> onGradient = new CopyOnWriteArrayList<>();

    /** A hook as it was registered once: the same function may be there several times. */
    private static final class Registered<T> {
        final T hook;

        Registered(T hook) {
            this.hook = hook;
        }
    }

    private static <T> Hook add(List<Registered<T>> hooks, T hook) {
        Registered<T> registered = new Registered<>(hook);
        hooks.add(registered);
        return () -> hooks.remove(registered);
    }

    Hook addBefore(UnaryOperator<Tensor> hook) {
        return add(before, hook);
    }

    Hook addAfter(BinaryOperator<Tensor> hook) {
        return add(after, hook);
    }

    Hook addOnGradient(UnaryOperator<Tensor> hook) {
        return add(onGradient, hook);
    }

    /** The output of a body for an input, with the hooks around it. */
    Tensor around(Tensor x, UnaryOperator<Tensor> body) {
        Tensor input = x;
        for (Registered<UnaryOperator<Tensor>> each : before) {
            input = required(
                    each.hook.apply(input), "a hook before forward returned null; return the input to leave it");
        }
        Tensor output = Layer.requireOutput(body.apply(input));
        for (Registered<BinaryOperator<Tensor>> each : after) {
            output = required(
                    each.hook.apply(input, output),
                    "a hook after forward returned null; return the output to leave it");
        }
        if (onGradient.isEmpty() || !output.requiresGrad()) {
            return output;
        }
        if (output == input || output.isLeaf()) {
            // The hooks are for the gradient of this output, not for that of the input or of a parameter.
            output = Autograd.op("output", output.data(), Edge.edge(output, g -> g));
        }
        for (Registered<UnaryOperator<Tensor>> each : onGradient) {
            output.onGradient(each.hook);
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
