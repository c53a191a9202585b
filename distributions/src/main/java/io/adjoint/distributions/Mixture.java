package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.random.RandomGenerator;

/**
 * A mixture of K distributions of one family: the density is the mean of the components' densities, weighted by probabilities. PyTorch's
 * {@code MixtureSameFamily}. A value must be in the support of every component.
 *
 * @param mixing the distribution of the component's index, of K classes
 * @param components the components, K of them along the last batch axis
 */
@CheckReturnValue
public record Mixture(Categorical mixing, Distribution components) implements Distribution {
    /**
     * The mixture.
     *
     * @throws ShapeException if the components' last batch axis doesn't have K elements, or the batch shapes without it differ
     */
    public Mixture {
        Shape all = components.batchShape();
        if (all.rank() == 0 || all.dim(-1) != mixing.count()) {
            throw new ShapeException("Mixture: " + mixing.count() + " probabilities need as many components along the"
                    + " last batch axis, but the batch shape of the components is " + all);
        }
        if (!mixing.batchShape().broadcastsTo(Terms.batch(all, 1))) {
            throw new ShapeException("Mixture: the batch shape " + mixing.batchShape()
                    + " of the probabilities does not broadcast to that of the components without their last axis, "
                    + Terms.batch(all, 1));
        }
    }

    private int eventRank() {
        return components.eventShape().rank();
    }

    /** With an axis of size 1 for the components. */
    private Tensor spread(Tensor value) {
        return value.unsqueeze(-1 - eventRank());
    }

    @Override
    public Shape batchShape() {
        return Terms.batch(components.batchShape(), 1);
    }

    @Override
    public Shape eventShape() {
        return components.eventShape();
    }

    @Override
    public Constraint support() {
        Constraint each = components.support();
        return Constraints.vectors(
                each.eventRank(),
                "in each component " + each,
                x -> each.check(spread(x)).all(-1),
                each::bijection);
    }

    @Override
    public Tensor logProb(Tensor value) {
        return components.logProb(spread(value)).add(mixing.logits()).logSumExp(-1);
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        Shape shape = Terms.shape(this, generator, sizes);
        Shape batch = Shape.of("Mixture", sizes).append("Mixture", batchShape().toArray());
        Tensor chosen = mixing.expand(batchShape()).sample(generator, sizes);
        Tensor all = components.sample(generator, sizes);
        // One axis for the components, and one for all numbers of an event.
        Tensor flat = all.reshape(batch.size(), mixing.count(), eventShape().size());
        Tensor index = chosen.reshape(batch.size(), 1, 1)
                .expand(batch.size(), 1, eventShape().size());
        return flat.gather(1, index).reshape(shape);
    }

    private Tensor weighted(Tensor each) {
        Tensor weights = mixing.probs();
        for (int k = 0; k < eventRank(); k++) {
            weights = weights.unsqueeze(-1);
        }
        return weights.mul(each).sum(-1 - eventRank());
    }

    @Override
    public Tensor mean() {
        return weighted(components.mean());
    }

    @Override
    public Tensor variance() {
        return weighted(
                components.variance().add(components.mean().sub(spread(mean())).square()));
    }

    @Override
    public Tensor cdf(Tensor value) {
        return weighted(components.cdf(spread(value)));
    }
}
