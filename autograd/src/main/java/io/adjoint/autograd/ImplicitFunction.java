package io.adjoint.autograd;

import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.parallel.Clock;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * The solution x of an equation {@code r(x, θ) = 0} as one operation with the tensors θ that r captured as its inputs. By the implicit
 * function theorem {@code dx/dθ = −(∂r/∂x)⁻¹·∂r/∂θ}, so the gradient of θ is {@code (∂r/∂θ)ᵀ·w} with {@code (∂r/∂x)ᵀ·w = −g}.
 *
 * <p>As a {@link Checkpoint} does, the operation links to the older nodes that a first run of r links to, and the backward rule runs r
 * again, with w as the upstream gradient. In a recorded pass r and w are computed from the operation's own output, so the gradient depends
 * on θ through x as well, and can be differentiated again, to any order.
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
        Node root = first.node();
        if (root == null) {
            return constant;
        }
        int hash = first.data().hashCode();
        List<Node> frontier = Paths.frontier(op, List.of(root), node -> node.created > since);
        Collections.sort(frontier);
        Node node = Node.of(op, solution);
        Tensor output = new Tensor(solution, node);
        Rule rule = Rule.of(g -> Lease.outside(() -> {
            Tensor w = multipliers.apply(g, output);
            long again = Clock.tick();
            Tensor x = Autograd.isRecording() ? ShapingRules.alias(op, output) : constant;
            Tensor second = Autograd.enableGrad(() -> value(op, equation, x));
            if (second.data().hashCode() != hash) {
                throw new GraphException(
                        op + ": the function returned another value than before at the solution of shape "
                                + solution.shape()
                                + "; call backward before changing parameters, and let the value not depend on"
                                + " anything that changes, such as random numbers");
            }
            return Checkpoint.contributions(op, second, w, again, frontier, node);
        }));
        // The rule calls a user's function, so it counts as one.
        node.link(frontier.toArray(Node[]::new), rule, false);
        return output;
    }

    /** The value of r; a new node even if r returns a tensor that it captured. */
    private static Tensor value(String op, UnaryOperator<Tensor> equation, Tensor x) {
        return ShapingRules.alias(op, Callbacks.result(op, "the function", equation.apply(x)));
    }
}
