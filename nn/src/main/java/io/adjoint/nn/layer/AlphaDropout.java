package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Functional;
import java.util.random.RandomGenerator;

/**
 * Dropout for networks of {@link Tensor#selu() SELU} (Klambauer et al., 2017): while training each element is replaced by
 * α′ = −1.7580993408473766, the limit of SELU at −∞, with probability p; then all are brought back to mean 0 and variance 1 of an input
 * that had them: {@code a·x′ + a·α·p} with {@code a = ((1 − p)·(1 + p·α²))^(−1/2)} and α = −α′. With p = 1 the output is zeros; in
 * evaluation it is the input.
 *
 * <p>Shapes: output as input, of any shape. Without parameters.
 */
public final class AlphaDropout extends AnyDropout {
    private static final double ALPHA = 1.7580993408473766;

    /** Dropout of half of the elements. */
    public AlphaDropout(RandomGenerator generator) {
        this(0.5, generator);
    }

    /**
     * Dropout of elements.
     *
     * @param p the probability of being dropped
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public AlphaDropout(double p, RandomGenerator generator) {
        super(p, generator);
    }

    @Override
    Tensor dropped(Tensor x) {
        if (p == 0 || p == 1) {
            return Functional.dropout(x, p, generator);
        }
        double a = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
        // The factors are a for kept elements and 0 for dropped elements.
        Tensor factors = Functional.dropout(Tensor.full(x.dtype(), x.shape(), 1), p, generator)
                .mul((1 - p) * a);
        return x.mul(factors).add(factors.add(-a).mul(ALPHA).add(ALPHA * a * p));
    }
}
