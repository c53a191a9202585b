package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;

/**
 * The margin ranking loss {@code max(0, m − t·(a − b))} of two scores a and b, of which the first should be larger by a margin m where the
 * target t is 1, and the second where it is −1. Where the margin is met exactly the gradient is −t, as in PyTorch: equal scores are told
 * apart with a margin of 0, too.
 *
 * @param margin the margin m, 0 by default
 * @param reduction the reduction, the mean by default
 */
@CheckReturnValue
public record MarginRanking(double margin, Reduction reduction) {
    /**
     * A loss.
     *
     * @throws IllegalArgumentException if the margin is not finite
     */
    public MarginRanking {
        Settings.requireFinite(MarginRanking.class, "margin", margin);
    }

    /** The mean with margin 0. */
    public MarginRanking() {
        this(0, Reduction.MEAN);
    }

    /** With another margin. */
    public MarginRanking margin(double margin) {
        return new MarginRanking(margin, reduction);
    }

    /** With another reduction. */
    public MarginRanking reduction(Reduction reduction) {
        return new MarginRanking(margin, reduction);
    }

    /**
     * The loss of pairs of scores; of their shape unless it is reduced.
     *
     * @throws ShapeException if the shapes differ
     * @throws DTypeException if the dtypes differ or are not floating
     * @throws IllegalArgumentException if a target is neither −1 nor 1
     */
    public Tensor forward(Tensor first, Tensor second, Tensor target) {
        ElementwiseLoss.requireAlike("MarginRanking", "first score", first, "second score", second);
        ElementwiseLoss.requireAlike("MarginRanking", "first score", first, "target", target);
        LossRules.requireSigns("MarginRanking", target);
        return reduction.of(LossRules.hinge(second.sub(first).mul(target).add(margin)));
    }
}
