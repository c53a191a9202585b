package io.adjoint.nn.loss;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;

/**
 * The Huber loss: {@code d²/2} of a difference d = p − t up to δ, and {@code δ·(|d| − δ/2)} beyond, so that outliers pull with a
 * force of δ and no more. The mean over all elements by default. Prediction and target have the same shape and dtype. Immutable:
 * each setting returns a loss of its own.
 */
public final class Huber implements Loss {
    private final double delta;
    private final Reduction reduction;

    /** The mean with δ = 1. */
    public Huber() {
        this(1);
    }

    /**
     * The mean with another δ.
     *
     * @throws IllegalArgumentException if δ is not positive and finite
     */
    public Huber(double delta) {
        this(delta, Reduction.MEAN);
        if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Huber: delta must be positive and finite, got " + delta);
        }
    }

    private Huber(double delta, Reduction reduction) {
        this.delta = delta;
        this.reduction = reduction;
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public Huber reduction(Reduction reduction) {
        return new Huber(delta, reduction);
    }

    /**
     * The Huber loss.
     *
     * @throws io.adjoint.core.ShapeException if the shapes differ
     * @throws io.adjoint.core.DTypeException if the dtypes differ
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Loss.requireAlike("Huber", prediction, target);
        return reduction.of(losses(prediction.sub(target), delta));
    }

    /** The losses of differences d. */
    static Tensor losses(Tensor d, double delta) {
        return op(
                "huber",
                d.data().map(v -> Math.abs(v) <= delta ? v * v / 2 : delta * (Math.abs(v) - delta / 2)),
                edge(d, g -> g.mul(d.clamp(-delta, delta))));
    }
}
