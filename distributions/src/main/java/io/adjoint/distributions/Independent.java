package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.random.RandomGenerator;

/**
 * A distribution whose last batch axes are part of the event: the numbers of an event are independent, so their densities are multiplied.
 *
 * @param base the distribution
 * @param axes the number of batch axes that become axes of the event
 */
@CheckReturnValue
public record Independent(Distribution base, int axes) implements Distribution {
    /**
     * The distribution.
     *
     * @throws ShapeException if the base has fewer batch axes
     */
    public Independent {
        int rank = base.batchShape().rank();
        if (axes < 0 || axes > rank) {
            throw new ShapeException("Independent: " + axes + " batch axes can't become axes of the event of a "
                    + base.getClass().getSimpleName() + " of batch shape " + base.batchShape() + "; expected 0 to "
                    + rank);
        }
    }

    @Override
    public Shape batchShape() {
        return Terms.batch(base.batchShape(), axes);
    }

    @Override
    public Shape eventShape() {
        return Terms.event(base.batchShape(), axes)
                .append("Independent", base.eventShape().toArray());
    }

    @Override
    public Constraint support() {
        return Constraints.independent(base.support(), axes);
    }

    @Override
    public Tensor logProb(Tensor value) {
        return Terms.sumLast(base.logProb(value), axes);
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        return base.sample(generator, sizes);
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return base.rsample(generator, sizes);
    }

    @Override
    public Tensor mean() {
        return base.mean();
    }

    @Override
    public Tensor variance() {
        return base.variance();
    }

    @Override
    public Tensor mode() {
        return base.mode();
    }

    @Override
    public Tensor entropy() {
        return Terms.sumLast(base.entropy(), axes);
    }
}
