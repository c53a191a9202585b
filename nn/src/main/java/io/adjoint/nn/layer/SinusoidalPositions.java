package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;

/**
 * Adds sines and cosines of each position to a sequence (Vaswani et al., 2017): to element 2i of position p
 * {@code sin(p / 10000^(2i/E))}, to element 2i + 1 {@code cos(p / 10000^(2i/E))}. There is nothing to train, and no state.
 *
 * <p>Shapes: input and output {@code [..., L, E]}, where L is at most the length given.
 */
public final class SinusoidalPositions extends Positions {
    private final NdArray table;

    /**
     * A layer for sequences of at most the given length.
     *
     * @throws IllegalArgumentException if length or embedding is less than 1
     */
    public SinusoidalPositions(int length, int embedding) {
        super(length, embedding);
        table = NdArray.generate(DType.FLOAT64, Shape.of("SinusoidalPositions", length, embedding), k -> {
            int element = k % embedding;
            double angle =
                    Math.floorDiv(k, embedding) * StrictMath.pow(10000, -(element - element % 2) / (double) embedding);
            return element % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
        });
    }

    @Override
    Tensor at(Tensor x, int from, int to) {
        x.dtype().requireFloating("sinusoidalPositions");
        return x.add(Tensor.of(table.slice(0, from, to).to(x.dtype())));
    }
}
