package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;

/** A family of counts with the probability p of a success. */
@CheckReturnValue
abstract sealed class SuccessFamily implements Distribution permits Bernoulli, Binomial, Geometric, NegativeBinomial {
    private final Odds odds;

    SuccessFamily(Odds odds) {
        this.odds = odds;
    }

    /** The probabilities p of a success. */
    public Tensor probs() {
        return odds.probs();
    }

    /** The logits {@code log(p/(1 − p))}. */
    public Tensor logits() {
        return odds.logits();
    }

    final Odds odds() {
        return odds;
    }

    @Override
    public Shape batchShape() {
        return odds.given().shape();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[probs=" + probs() + "]";
    }
}
