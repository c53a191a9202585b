package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;

/**
 * Probabilities p of successes, given by themselves or by their logits {@code log(p/(1 − p))}. Both forms keep all digits, also of p near 0
 * and 1, and gradients without NaN at p = 0, p = 1 and infinite logits.
 */
interface Odds {
    Constraint LOGIT = Constraint.of("a number, not NaN", x -> !Double.isNaN(x), Bijection::identity);

    /** The probabilities or the logits, as they were given. */
    Tensor given();

    default DType dtype() {
        return given().dtype();
    }

    /** The probabilities p. */
    Tensor probs();

    /** {@code 1 − p}. */
    Tensor others();

    Tensor logits();

    /** {@code log p} for each 1, {@code log(1 − p)} for each 0. */
    Tensor logOf(Tensor value);

    /** {@code k·log p}, 0 for k = 0. */
    Tensor timesLog(Tensor k);

    /** {@code k·log(1 − p)}, 0 for k = 0. */
    Tensor timesLogOther(Tensor k);

    /** {@link Terms#logGamma} at {@code s·p}. */
    Tensor logGamma(Tensor alpha, Tensor s);

    /** {@link Terms#logGamma} at {@code s·(1 − p)}. */
    Tensor logGammaOther(Tensor alpha, Tensor s);

    /** The same for more distributions. */
    Odds broadcast(Shape shape);

    default Tensor one() {
        return Tensor.onesLike(given());
    }

    /** {@code −p·log p − (1 − p)·log(1 − p)}. */
    default Tensor entropy() {
        return timesLog(probs()).add(timesLogOther(others())).neg();
    }

    /** Given by themselves. */
    record OfProbs(Tensor probs) implements Odds {
        @Override
        public Tensor given() {
            return probs;
        }

        @Override
        public Tensor others() {
            return probs.rsub(1);
        }

        @Override
        public Tensor logits() {
            return Terms.log(probs).sub(Terms.log1pMinus(probs));
        }

        @Override
        public Tensor logOf(Tensor value) {
            return Tensor.where(value.eq(1), Terms.log(probs), Terms.log1pMinus(probs));
        }

        @Override
        public Tensor timesLog(Tensor k) {
            return Terms.xlogy(k, probs);
        }

        @Override
        public Tensor timesLogOther(Tensor k) {
            return Terms.xlog1pMinus(k, probs);
        }

        @Override
        public Tensor logGamma(Tensor alpha, Tensor s) {
            return Terms.logGamma(alpha, s.mul(probs));
        }

        @Override
        public Tensor logGammaOther(Tensor alpha, Tensor s) {
            return Terms.logGamma(alpha, s.mul(others()));
        }

        @Override
        public Odds broadcast(Shape shape) {
            return new OfProbs(probs.broadcastTo(shape));
        }
    }

    /** Given by logits. */
    record OfLogits(Tensor logits) implements Odds {
        @Override
        public Tensor given() {
            return logits;
        }

        @Override
        public Tensor probs() {
            return logits.sigmoid();
        }

        @Override
        public Tensor others() {
            return logits.neg().sigmoid();
        }

        @Override
        public Tensor logOf(Tensor value) {
            return Tensor.where(value.eq(1), logits, logits.neg()).logSigmoid();
        }

        @Override
        public Tensor timesLog(Tensor k) {
            return Terms.times(k, logits.logSigmoid());
        }

        @Override
        public Tensor timesLogOther(Tensor k) {
            return Terms.times(k, logits.neg().logSigmoid());
        }

        @Override
        public Tensor logGamma(Tensor alpha, Tensor s) {
            return Terms.logGammaAtExp(alpha, s.log().add(logits.logSigmoid()));
        }

        @Override
        public Tensor logGammaOther(Tensor alpha, Tensor s) {
            return Terms.logGammaAtExp(alpha, s.log().add(logits.neg().logSigmoid()));
        }

        @Override
        public Odds broadcast(Shape shape) {
            return new OfLogits(logits.broadcastTo(shape));
        }
    }
}
