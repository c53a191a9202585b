package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import java.util.function.BinaryOperator;

/**
 * A function of a prediction and a target that a training minimizes. A lambda is a loss, too: it returns the mean over the samples. Wrap a
 * lambda that returns their sum: {@code Loss.sum((prediction, target) -> prediction.sub(target).square().sum())}.
 */
@FunctionalInterface
public interface Loss {
    /** The loss; a scalar unless its reduction is {@link Reduction#NONE}. */
    Tensor forward(Tensor prediction, Tensor target);

    /**
     * The reduction that {@link #forward} makes, {@link Reduction#MEAN} by default. Where batches come in parts,
     * means are weighted by the sizes of the parts, and sums are added.
     */
    default Reduction reduction() {
        return Reduction.MEAN;
    }

    /**
     * A loss of {@link Reduction#SUM}.
     *
     * @param loss computes the sum over the samples, a scalar, of a prediction and a target
     */
    static Loss sum(BinaryOperator<Tensor> loss) {
        return new Loss() {
            @Override
            public Tensor forward(Tensor prediction, Tensor target) {
                return loss.apply(prediction, target);
            }

            @Override
            public Reduction reduction() {
                return Reduction.SUM;
            }
        };
    }
}
