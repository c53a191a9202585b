package io.adjoint.nn.loss;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.KeepsNoGradients;
import io.adjoint.core.NdArray;
import io.adjoint.core.SelectionKernels;
import io.adjoint.core.ShapeException;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/** Checks and steps that several losses have in common. */
@KeepsNoGradients
final class LossRules {
    /** Far below any probability that matters; the slope of a power at 0 is infinite if its exponent is below 1. */
    private static final double SMALLEST = 1e-30;

    private LossRules() {}

    /**
     * Checks every element of an argument.
     *
     * @param what the argument, for the message
     * @param wanted what the elements must be
     * @param advice the way out, or nothing
     * @throws IllegalArgumentException naming the first element that is wrong
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

    /** Cross entropies times (1 − p)^γ, of which 1 − p is given. */
    static Tensor focused(Tensor entropies, Tensor missing, double gamma) {
        return entropies.mul(missing.clampMin(SMALLEST).pow(gamma));
    }

    /** The losses of all elements times their weights, if there are any; a weight broadcasts to the losses. */
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
     * {@code max(0, z)} with slope 1 at exactly 0, unlike relu: a violation of exactly 0 still pulls, as in PyTorch. With a margin of 0
     * equal scores would never be told apart otherwise.
     */
    static Tensor hinge(Tensor z) {
        return op("hinge", z.data().map(v -> Math.max(v, 0)), edge(z, g -> {
            NdArray slope = z.data().map(v -> v >= 0 ? 1 : v < 0 ? 0 : Double.NaN);
            return g.mul(Tensor.of(slope));
        }));
    }
}
