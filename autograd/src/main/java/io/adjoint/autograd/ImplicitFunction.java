package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import io.adjoint.core.parallel.Clock;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The solution x of an equation {@code r(x, θ) = 0} as one operation with the tensors θ that r captured as its inputs. By the implicit
 * function theorem {@code dx/dθ = −(∂r/∂x)⁻¹·∂r/∂θ}, so the gradient of θ is {@code (∂r/∂θ)ᵀ·w} with {@code (∂r/∂x)ᵀ·w = −g}.
 *
 * <p>The backward rule {@linkplain Rerun runs r again}, with w as the upstream gradient. In a recorded pass r and w are computed from the
 * operation's own output, so the gradient depends on θ through x as well, and can be differentiated again, to any order.
 */
final class ImplicitFunction {
    private ImplicitFunction() {}

    static Tensor of(String op, NdArray solution, UnaryOperator<Tensor> equation, BinaryOperator<Tensor> multipliers) {
        Tensor constant = Tensor.of(solution);
        if (!Autograd.isRecording()) {
            return constant;
        }
        long since = Clock.tick();
        Tensor first = value(op, equation, constant);
        Rerun rerun = Rerun.of(op, first, since, "");
        if (rerun == null) {
            return constant;
        }
        Node node = Node.of(op, solution);
        Tensor output = new Tensor(solution, node);
        // The rule calls a user's function, so it counts as one.
        rerun.link(
                node,
                g -> {
                    Tensor w = multipliers.apply(g, output);
                    Tensor x = Autograd.isRecording() ? ShapingRules.alias(op, output) : constant;
                    return rerun.gradients(() -> value(op, equation, x), w, x.node());
                },
                false);
        return output;
    }

    /** The value of r; a new node even if r returns a tensor that it captured. */
    private static Tensor value(String op, UnaryOperator<Tensor> equation, Tensor x) {
        return ShapingRules.alias(op, Callbacks.result(op, "the function", equation.apply(x)));
    }
}
