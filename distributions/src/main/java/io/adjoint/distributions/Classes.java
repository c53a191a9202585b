package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Shape;

/**
 * Probabilities of K classes along the last axis, given by weights that are divided by their sum, or by logits, the logarithms of such
 * weights. Both forms keep all digits, and gradients without NaN at weights of 0 and logits of −∞.
 */
interface Classes {
    Constraint WEIGHTS = Constraints.vectors(
            1,
            "a vector of numbers from 0 on with a sum that is positive and finite",
            x -> Constraint.NON_NEGATIVE.check(x).all(-1).and(Constraint.POSITIVE.check(x.sum(-1))),
            Bijection::exp);
    Constraint LOGITS = Constraints.vectors(
            1,
            "a vector of numbers below Infinity, not all of them -Infinity",
            x -> x.lt(Double.POSITIVE_INFINITY)
                    .all(-1)
                    .and(x.gt(Double.NEGATIVE_INFINITY).any(-1)),
            Bijection::identity);

    DType dtype();

    /** The probabilities, which add up to 1. */
    Tensor probs();

    /** The logarithms of the probabilities. */
    Tensor logits();

    /** The shape of the weights or logits, with the axis of the classes. */
    Shape shape();

    /** {@code log p} of the class of each INT32 index. */
    Tensor logOf(Tensor index);

    /** {@code −Σ p·log p}. */
    default Tensor entropy() {
        return Terms.times(probs(), logits()).sum(-1).neg();
    }

    /** {@link Terms#logGamma} at {@code s·p}, for each class. */
    Tensor logGamma(Tensor alpha, double s);

    /** The same for more distributions. */
    Classes broadcast(Shape whole);

    private static Tensor pick(Tensor classes, Tensor index) {
        Shape batch = Terms.batch(classes.shape(), 1);
        Shape shape = Shape.broadcast("Categorical", index.shape(), batch);
        Tensor all =
                classes.broadcastTo(shape.append("Categorical", classes.shape().dim(-1)));
        return all.gather(-1, index.broadcastTo(shape).unsqueeze(-1)).squeeze(-1);
    }

    /** Given by weights. */
    record OfProbs(Tensor weights) implements Classes {
        @Override
        public Shape shape() {
            return weights.shape();
        }

        @Override
        public DType dtype() {
            return weights.dtype();
        }

        @Override
        public Tensor probs() {
            return weights.div(weights.sum(Dims.KEEP, -1));
        }

        @Override
        public Tensor logits() {
            return Terms.log(weights).sub(weights.sum(Dims.KEEP, -1).log());
        }

        @Override
        public Tensor logOf(Tensor index) {
            return pick(weights, index).log().sub(weights.sum(-1).log());
        }

        @Override
        public Tensor logGamma(Tensor alpha, double s) {
            return Terms.logGamma(alpha, probs().mul(s));
        }

        @Override
        public Classes broadcast(Shape whole) {
            return new OfProbs(weights.broadcastTo(whole));
        }
    }

    /** Given by logits. */
    record OfLogits(Tensor given) implements Classes {
        @Override
        public Shape shape() {
            return given.shape();
        }

        @Override
        public DType dtype() {
            return given.dtype();
        }

        @Override
        public Tensor probs() {
            return given.softmax(-1);
        }

        @Override
        public Tensor logits() {
            return given.logSoftmax(-1);
        }

        @Override
        public Tensor logOf(Tensor index) {
            return pick(logits(), index);
        }

        @Override
        public Tensor logGamma(Tensor alpha, double s) {
            return Terms.logGammaAtExp(
                    alpha, logits().add(Terms.constant(given.dtype(), s).log()));
        }

        @Override
        public Classes broadcast(Shape whole) {
            return new OfLogits(given.broadcastTo(whole));
        }
    }
}
