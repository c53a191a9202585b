package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;

/**
 * Adds a vector of each position, a parameter, to a sequence (Gehring et al., 2017): {@code weight [length, E]}, drawn from N(0, 1), as
 * an embedding's. Models often begin with less; GPT-2 has N(0, 0.02²), which {@code weight().assign(…)} brings.
 *
 * <p>Shapes: input and output {@code [..., L, E]}, where L is at most the length given.
 */
public final class LearnedPositions extends Positions {
    private final Tensor weight;

    /**
     * A layer for sequences of at most the given length.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if length or embedding is less than 1
     */
    public LearnedPositions(int length, int embedding, RandomGenerator init) {
        super(length, embedding);
        weight = parameter("weight", Init.of(init).normal(Shape.of("LearnedPositions", length, embedding), 0, 1));
    }

    /** The vectors of the positions, {@code [length, E]}. */
    public Tensor weight() {
        requireInForce("weight");
        return weight;
    }

    @Override
    Tensor at(Tensor x, int from, int to) {
        return x.add(weight.slice(0, from, to));
    }
}
