package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import io.adjoint.core.math.Logarithms;
import org.jspecify.annotations.Nullable;

/**
 * The binary cross entropy {@code −(t·log p + (1 − t)·log(1 − p))} of probabilities p relative to targets t, both between 0 and 1. Each
 * logarithm is at least −100, and the slope is {@code (p − t) / max(p·(1 − p), 1e-12)}, so that loss and gradient stay finite for a
 * probability of exactly 0 or 1. Of logits, {@link BCEWithLogits} is the exact form.
 *
 * @param weight a factor for the loss of each element, of the prediction's dtype and of a shape that broadcasts to its; null for 1
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record BCE(@Nullable Tensor weight, Reduction reduction) implements ElementwiseLoss {
    private static final double MIN_LOG = -100;
    private static final double MIN_PRODUCT = 1e-12;

    /** The loss without weights. */
    public BCE() {
        this(null, Reduction.MEAN);
    }

    /** The loss with a factor for each element. */
    public BCE weight(Tensor weight) {
        return new BCE(weight, reduction);
    }

    /** The loss with another reduction. */
    @Override
    public BCE reduction(Reduction reduction) {
        return new BCE(weight, reduction);
    }

    /**
     * The binary cross entropy of each element, times its weight.
     *
     * @throws IllegalArgumentException if an element is not between 0 and 1
     * @throws ShapeException if the weight's shape does not broadcast to the prediction's
     * @throws DTypeException if the weight is of another dtype
     */
    @Override
    public Tensor each(Tensor prediction, Tensor target) {
        requireProbabilities("prediction", "; of logits, use BCEWithLogits", prediction);
        requireProbabilities("target", "", target);
        return LossRules.weighted("BCE", "weight", weight, losses(prediction, target));
    }

    private static void requireProbabilities(String what, String advice, Tensor p) {
        LossRules.requireAll("BCE", what, p, v -> v >= 0 && v <= 1, "between 0 and 1", advice);
    }

    private static double log(double p) {
        return Math.max(Logarithms.log(p), MIN_LOG);
    }

    private static Tensor losses(Tensor p, Tensor t) {
        NdArray value = p.data().zip(t.data(), (x, y) -> -(y * log(x) + (1 - y) * log(1 - x)));
        return op(
                "bce",
                value,
                edge(p, g -> g.mul(slope(p, t))),
                edge(t, g -> g.mul(logOdds(p).neg())));
    }

    private static Tensor slope(Tensor p, Tensor t) {
        return op(
                "bceSlope",
                p.data().zip(t.data(), (x, y) -> (x - y) / Math.max(x * (1 - x), MIN_PRODUCT)),
                edge(p, g -> g.mul(curvature(p, t))),
                edge(t, g -> g.mul(slopeOfLogOdds(p).neg())));
    }

    /** The second derivative of the loss by p: {@code t/p² + (1 − t)/(1 − p)²}. */
    private static Tensor curvature(Tensor p, Tensor t) {
        Tensor q = p.rsub(1);
        return t.mul(q.square())
                .add(t.rsub(1).mul(p.square()))
                .mul(slopeOfLogOdds(p).square());
    }

    private static Tensor logOdds(Tensor p) {
        return op("logOdds", p.data().map(x -> log(x) - log(1 - x)), edge(p, g -> g.mul(slopeOfLogOdds(p))));
    }

    /** The derivative of the log odds, bounded: {@code min(1 / (p·(1 − p)), 1e12)}. */
    private static Tensor slopeOfLogOdds(Tensor p) {
        Tensor product = p.mul(p.rsub(1));
        return product.clampMin(MIN_PRODUCT).reciprocal();
    }
}
