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

    /** {@inheritDoc} Of numbers, if the base has one. */
    @Override
    public Tensor cdf(Tensor value) {
        if (eventRank() > 0) {
            return Distribution.super.cdf(value);
        }
        Tensor first = bijection.forward(inSupport(value, Double.NEGATIVE_INFINITY));
        Tensor last = bijection.forward(inSupport(value, Double.POSITIVE_INFINITY));
        Tensor isFlat = value.le(first.minimum(last)).or(value.ge(first.maximum(last)));
        Tensor inner = bijection.forward(inSupport(value, 0));
        return Terms.flat(value, isFlat, inner.detach(), y -> {
            Tensor below = base.cdf(bijection.inverse(y));
            return Tensor.where(falls(value), below.rsub(1), below);
        });
    }

    /** {@inheritDoc} Of numbers, if the base has one. */
    @Override
    public Tensor icdf(Tensor probability) {
        if (eventRank() > 0) {
            return Distribution.super.icdf(probability);
        }
        return bijection.forward(base.icdf(Tensor.where(falls(probability), probability.rsub(1), probability)));
    }

    /** True if the function falls: if it changes the order of two numbers of the base. */
    private Tensor falls(Tensor like) {
        Tensor one = inSupport(like, 0);
        Tensor other = inSupport(like, 1);
        return one.lt(other).ne(bijection.forward(one).lt(bijection.forward(other)));
    }

    /** The number of the base's support that a real number stands for; of an infinite one an end. */
    private Tensor inSupport(Tensor like, double x) {
        return base.support()
                .bijection()
                .forward(Terms.constant(like.dtype(), x))
                .detach();
    }
}
