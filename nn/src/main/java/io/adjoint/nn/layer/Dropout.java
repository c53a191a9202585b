package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Functional;
import java.util.random.RandomGenerator;

/**
 * Dropout (Srivastava et al., 2014): while training each element is 0 with probability p, and the others are scaled by 1/(1 − p), which
 * keeps the mean; in evaluation the output is the input. See {@link Functional#dropout}.
 *
 * <p>Shapes: output as input, of any shape. Without parameters.
 */
public final class Dropout extends AnyDropout {
    /** Dropout of half of the elements. */
    public Dropout(RandomGenerator generator) {
        this(0.5, generator);
    }

    /**
     * Dropout of elements.
     *
     * @param p the probability of being dropped
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public Dropout(double p, RandomGenerator generator) {
        super(p, generator);
    }

    @Override
    Tensor dropped(Tensor x) {
        return Functional.dropout(x, p, generator);
    }
}
