package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;

/**
 * The Huber loss: {@code d²/2} of a difference d = p − t up to δ, and {@code δ·(|d| − δ/2)} beyond, so that the gradient of an outlier
 * is bounded by δ.
 *
 * @param delta the bound δ, 1 by default
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record Huber(double delta, Reduction reduction) implements ElementwiseLoss {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if δ is not positive and finite
     */
    public Huber {
        Settings.requirePositive(Huber.class, "delta", delta);
    }

    /**
     * The loss of another δ.
     *
     * @throws IllegalArgumentException if δ is not positive and finite
     */
    public Huber(double delta) {
        this(delta, Reduction.MEAN);
    }

    /** The loss of δ = 1. */
    public Huber() {
        this(1);
    }

    /** The loss with another reduction. */
    @Override
    public Huber reduction(Reduction reduction) {
        return new Huber(delta, reduction);
    }

    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        Tensor d = prediction.sub(target);
        return op(
                "huber",
                d.data().map(v -> Math.abs(v) <= delta ? v * v / 2 : delta * (Math.abs(v) - delta / 2)),
                edge(d, g -> g.mul(d.clamp(-delta, delta))));
    }
}
