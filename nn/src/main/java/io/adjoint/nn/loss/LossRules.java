package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.SelectionKernels;
import io.adjoint.core.ShapeException;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** Checks and operations that several losses use. */
final class LossRules {
    /**
     * The lower bound of 1 − p in focal losses, where p is the probability of the target's class. The bound is far below any probability
     * that matters. Without the bound, the power (1 − p)^γ would have an infinite derivative at p = 1 if γ is below 1.
     */
    private static final double SMALLEST = 1e-30;

    private LossRules() {}

    /**
     * Checks every element of an argument.
     *
     * @param what the words for the argument in the message
     * @param wanted the words for the required elements
     * @param advice a text that says what to do, or an empty text
     * @throws IllegalArgumentException if an element is wrong; the message has the first such element
     */
    static void requireAll(
            String loss, String what, Tensor tensor, DoublePredicate isRight, String wanted, String advice) {
        int at = SelectionKernels.indexOfFirst(tensor.data(), isRight.negate());
        if (at >= 0) {
            double element = tensor.data().get(tensor.shape().unravelIndex(at));
            throw new IllegalArgumentException(loss + ": the " + what + " " + tensor.shape() + " must be " + wanted
                    + ", but has " + element + " as element " + at + " in row-major order" + advice);
        }
    }

    /** Checks that targets are −1 or 1. */
    static void requireSigns(String loss, Tensor target) {
        requireAll(
                loss,
                "target",
                target,
                t -> t == 1 || t == -1,
                "-1 or 1",
                "; labels of 0 and 1 become these with mul(2).sub(1)");
    }

    /** Focal losses: the cross entropies times (1 − p)^γ, where p is the probability of the target's class and {@code missing} is 1 − p. */
    static Tensor focused(Tensor entropies, Tensor missing, double gamma) {
        return entropies.mul(missing.clampMin(SMALLEST).pow(gamma));
    }

    /** The elementwise losses times a weight that broadcasts to them; the losses themselves if the weight is null. */
    static Tensor weighted(String loss, String what, @Nullable Tensor weight, Tensor losses) {
        if (weight == null) {
            return losses;
        }
        if (!weight.shape().broadcastsTo(losses.shape())) {
            throw new ShapeException(loss + ": the " + what + " " + weight.shape() + " does not broadcast to "
                    + losses.shape() + ", the shape of the prediction");
        }
        if (weight.dtype() != losses.dtype()) {
            throw new DTypeException(loss + ": the " + what + " is " + weight.dtype() + ", but the prediction is "
                    + losses.dtype() + "; convert it with to(" + losses.dtype() + ")");
        }
        return losses.mul(weight);
    }

    /**
     * {@code max(0, z)} with derivative 1 at exactly 0, as in PyTorch, while relu's derivative at 0 is 0. With a derivative of 0, equal
     * scores would get no gradient if the margin is 0.
     */
    static Tensor hinge(Tensor z) {
        return op("hinge", z.data().map(v -> Math.max(v, 0)), edge(z, g -> {
            NdArray slope = z.data().map(v -> v >= 0 ? 1 : v < 0 ? 0 : Double.NaN);
            return g.mul(Tensor.of(slope));
        }));
    }
}
