package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.random.RandomGenerator;

/**
 * The distribution of {@code y = forward(x)}, where x has another distribution: {@code log p(y) = log p(x) − log |det ∂y/∂x|}.
 *
 * @param base the distribution of x
 * @param bijection the function; several of them are one by {@link Bijection#andThen}
 */
@CheckReturnValue
public record Transformed(Distribution base, Bijection bijection) implements Distribution {
    /**
     * The distribution.
     *
     * @throws ShapeException if the function makes more values than the base has, since its parameters broadcast; give the base's
     *     parameters that shape
     */
    public Transformed {
        Shape whole = base.batchShape().append("Transformed", base.eventShape().toArray());
        int rank = bijection.domain().eventRank();
        if (whole.rank() < rank) {
            throw new ShapeException("Transformed: the bijection is of values of " + rank + " axes, but a value of the "
                    + base.getClass().getSimpleName() + " has the shape " + whole);
        }
        Shape made = bijection.forwardShape(whole);
        if (made.rank() != whole.rank() || !Terms.batch(made, rank).equals(Terms.batch(whole, rank))) {
            throw new ShapeException("Transformed: the bijection makes values " + made + " of the base's " + whole
                    + ", so that several would have one random number; give the base's parameters that shape");
        }
    }

    private int eventRank() {
        return Math.max(base.eventShape().rank(), bijection.domain().eventRank());
    }

    private Shape made() {
        return bijection.forwardShape(
                base.batchShape().append("Transformed", base.eventShape().toArray()));
    }

    @Override
    public Shape batchShape() {
        return Terms.batch(made(), eventRank());
    }

    @Override
    public Shape eventShape() {
        return Terms.event(made(), eventRank());
    }

    @Override
    public Constraint support() {
        Constraint values = Constraints.independent(
                bijection.codomain(), eventRank() - bijection.codomain().eventRank());
        Constraint before = Constraints.independent(
                base.support(), eventRank() - base.support().eventRank());
        return Constraints.vectors(
                eventRank(),
                values + ", and its inverse " + before,
                y -> values.check(y).and(before.check(bijection.inverse(y))),
                () -> before.bijection().andThen(bijection));
    }

    @Override
    public Tensor logProb(Tensor value) {
        bijection.codomain().require("Transformed", "the value", value);
        Tensor x = bijection.inverse(value);
        Tensor density =
                Terms.sumLast(base.logProb(x), eventRank() - base.eventShape().rank());
        Tensor change = Terms.sumLast(
                bijection.logDetJacobian(x), eventRank() - bijection.domain().eventRank());
        return density.sub(change);
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        return bijection.forward(base.sample(generator, sizes)).detach();
    }

    @Override
    public Tensor rsample(RandomGenerator generator, int... sizes) {
        return bijection.forward(base.rsample(generator, sizes));
    }

    /** {@inheritDoc} Of numbers, if the base has an {@link #icdf}. */
    @Override
    public Tensor cdf(Tensor value) {
        if (eventRank() > 0) {
            return Distribution.super.cdf(value);
        }
        Tensor first = quantile(value, 0);
        Tensor last = quantile(value, 1);
        Tensor isFlat = value.le(first.minimum(last)).or(value.ge(first.maximum(last)));
        return Terms.flat(value, isFlat, quantile(value, 0.5), y -> {
            Tensor below = base.cdf(bijection.inverse(y));
            return Tensor.where(first.gt(last), below.rsub(1), below);
        });
    }

    /** {@inheritDoc} Of numbers, if the base has one. */
    @Override
    public Tensor icdf(Tensor probability) {
        if (eventRank() > 0) {
            return Distribution.super.icdf(probability);
        }
        Tensor falls = quantile(probability, 0).gt(quantile(probability, 1));
        return bijection.forward(base.icdf(Tensor.where(falls, probability.rsub(1), probability)));
    }

    /** The function of a quantile of the base: at 0 and 1 the ends, whose order tells whether the function rises or falls. */
    private Tensor quantile(Tensor like, double probability) {
        return bijection
                .forward(base.icdf(Terms.constant(like.dtype(), probability)))
                .detach();
    }
}
