package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Settings;
import java.util.List;

/**
 * Limits gradients, between the backward pass and the step: {@code Clip.norm(model.parameters(), 1)}. It replaces the gradients by new
 * tensors without a graph, and skips parameters without a gradient. If no parameter has a gradient, it throws an {@link
 * IllegalStateException}: the call is before the backward pass, or after the gradients were cleared.
 */
public final class Clip {
    private Clip() {}

    /**
     * Scales all gradients so that their Euclidean norm, as that of one vector, is not above a maximum: by {@code max/(norm + 10⁻⁶)}
     * where that is below 1. If an element is infinite or NaN, so is the norm, and the gradients become 0 and NaN.
     *
     * @return the norm before
     * @throws IllegalArgumentException if the maximum is negative or not finite
     * @throws IllegalStateException if no parameter has a gradient
     */
    @CanIgnoreReturnValue
    public static double norm(List<Tensor> parameters, double max) {
        return norm(parameters, max, 2);
    }

    /**
     * Scales all gradients as {@link #norm(List, double)} does, by another norm.
     *
     * @param p the order of the norm, above 0; infinity for the largest absolute value
     * @throws IllegalArgumentException if the maximum is negative or not finite, or p is not above 0
     * @throws IllegalStateException if no parameter has a gradient
     */
    @CanIgnoreReturnValue
    public static double norm(List<Tensor> parameters, double max, double p) {
        double total = totalNorm("norm", parameters, max, p);
        scale(parameters, max, total);
        return total;
    }

    /**
     * Scales all gradients as {@link #norm(List, double, double)} does, but leaves them as they are if their norm is infinite or NaN:
     * PyTorch's {@code error_if_nonfinite=True}.
     *
     * @throws IllegalArgumentException if the maximum is negative or not finite, or p is not above 0
     * @throws IllegalStateException if the norm is infinite or NaN, or no parameter has a gradient
     */
    @CanIgnoreReturnValue
    public static double finiteNorm(List<Tensor> parameters, double max, double p) {
        double total = totalNorm("finiteNorm", parameters, max, p);
        if (!Double.isFinite(total)) {
            throw new IllegalStateException("Clip.finiteNorm: the norm of order " + p + " of the gradients is " + total
                    + "; Debug.detectNaN finds the operation that a NaN comes from");
        }
        scale(parameters, max, total);
        return total;
    }

    private static double totalNorm(String call, List<Tensor> parameters, double max, double p) {
        Settings.requireNotNegative(Clip.class, "maximal norm", max);
        double total = totalNorm(parameters, p);
        requireGradients(call, parameters);
        return total;
    }

    private static void scale(List<Tensor> parameters, double max, double total) {
        double scale = max / (total + 1e-6);
        // The negated comparison is true for NaN, so that NaN scales the gradients, too.
        if (!(scale >= 1)) {
            for (Tensor parameter : parameters) {
                Tensor gradient = parameter.grad();
                if (gradient != null) {
                    parameter.setGrad(Tensor.of(gradient.data().mul(scale)));
                }
            }
        }
    }

    /**
     * Moves each element of each gradient into [−bound, bound]; NaN stays NaN.
     *
     * @throws IllegalArgumentException if the bound is negative or NaN
     * @throws IllegalStateException if no parameter has a gradient
     */
    public static void value(List<Tensor> parameters, double bound) {
        Settings.require(bound >= 0, Clip.class, "bound", "not be negative", bound);
        requireGradients("value", parameters);
        for (Tensor parameter : parameters) {
            Tensor gradient = parameter.grad();
            if (gradient != null) {
                NdArray data = gradient.data();
                NdArray high = NdArray.scalar(data.dtype(), bound);
                NdArray low = NdArray.scalar(data.dtype(), -bound);
                parameter.setGrad(Tensor.of(data.minimum(high).maximum(low)));
            }
        }
    }

    private static void requireGradients(String call, List<Tensor> parameters) {
        if (!hasGradients(parameters)) {
            throw new IllegalStateException("Clip." + call + ": none of " + parameters.size()
                    + " parameters has a gradient, so nothing would be clipped; call it between backward() and the optimizer's"
                    + " step(), before zeroGrad()");
        }
    }

    /**
     * Returns whether one of the parameters has a gradient.
     *
     * @hidden
     */
    public static boolean hasGradients(List<Tensor> parameters) {
        for (Tensor parameter : parameters) {
            if (Internals.borrowGrad(parameter) != null) {
                Internals.giveBackGrad(parameter);
                return true;
            }
        }
        return false;
    }

    /**
     * The p-norm of all gradients as of one vector, in double precision across parameters; 0 if there is none.
     *
     * @param p the order of the norm, above 0; infinity for the largest absolute value
     * @throws IllegalArgumentException if p is not above 0
     */
    public static double totalNorm(List<Tensor> parameters, double p) {
        Settings.require(p > 0, Clip.class, "order of the norm", "be above 0", p);
        double[] norms = parameters.stream()
                .mapMultiToDouble((parameter, taker) -> {
                    Tensor gradient = Internals.borrowGrad(parameter);
                    if (gradient != null) {
                        try {
                            if (gradient.data().size() > 0) {
                                taker.accept(gradient.data().vectorNorm(p).item());
                            }
                        } finally {
                            Internals.giveBackGrad(parameter);
                        }
                    }
                })
                .toArray();
        return norms.length == 0
                ? 0
                : NdArray.wrap(Shape.of(norms.length), norms).vectorNorm(p).item();
    }
}
