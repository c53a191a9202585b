package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The backward rule of a fused operation. While recording is off, the operation's own kernels compute the gradients. A recorded pass
 * instead differentiates the composition, which computes the same value by differentiable operations, since kernels have no derivatives.
 *
 * @param name the operation's name
 * @param dtype the dtype of the operation's value
 * @param shape the shape of the operation's value
 */
record FusedRule(
        String name,
        DType dtype,
        Shape shape,
        List<Tensor> inputs,
        BiFunction<Tensor, Tensor, ? extends List<? extends @Nullable Tensor>> kernels,
        Function<? super List<Tensor>, Tensor> composition)
        implements BiFunction<Tensor, Tensor, List<? extends @Nullable Tensor>> {

    @Override
    public List<? extends @Nullable Tensor> apply(Tensor g, Tensor y) {
        return Autograd.isRecording() ? composedGradients(g) : kernels.apply(g, y);
    }

    /** Runs the composition on the operation's inputs and returns its value. */
    Tensor composed() {
        return composed(inputs);
    }

    private Tensor composed(List<Tensor> of) {
        Tensor value = Callbacks.result("fusedOp", "the composition of '" + name + "'", composition.apply(of));
        if (value.dtype() != dtype || !value.shape().equals(shape)) {
            throw new GraphException("fusedOp: the composition of '" + name + "' returned " + value.dtype() + " "
                    + value.shape() + ", but the operation's value is " + dtype + " " + shape
                    + "; it must compute the same function of its inputs");
        }
        return value;
    }

    private List<@Nullable Tensor> composedGradients(Tensor g) {
        // Each input gets an alias of its own, so that gradients are separate: an input may have been computed from
        // another input, whose gradient would then contain the gradient that flows through both, or may occur twice.
        List<Tensor> own = new ArrayList<>();
        List<Tensor> wanted = new ArrayList<>();
        boolean isEmpty = true;
        for (Tensor input : inputs) {
            Tensor same = ShapingRules.alias(name, input);
            if (Autograd.isWanted(input)) {
                // A leaf that was frozen after the operation was recorded still gets its gradient.
                same = same.requiresGrad() ? same : same.requiresGrad(true);
                wanted.add(same);
                isEmpty &= same.shape().size() == 0;
            }
            own.add(same);
        }
        // The composition may contain infinities, such as the scores of masked positions, that the operation's value
        // doesn't contain, so detectNaN is off.
        // If all gradients have no elements, the composition is not run, since it may be undefined for tensors without
        // elements.
        Tensor value = isEmpty ? null : ThreadState.current().toleratingNaN(() -> composed(List.copyOf(own)));
        Gradients found = value == null || !value.requiresGrad()
                ? null
                : Autograd.gradients(List.of(value), List.of(g), wanted, GraphMode.CREATE);
        List<@Nullable Tensor> gradients = new ArrayList<>();
        for (Tensor input : own) {
            gradients.add(wanted.contains(input) ? gradient(found, input) : null);
        }
        return gradients;
    }

    private static Tensor gradient(@Nullable Gradients found, Tensor input) {
        Tensor zeros = Tensor.zerosLike(input);
        return found == null ? zeros : found.find(input).orElse(zeros);
    }
}
