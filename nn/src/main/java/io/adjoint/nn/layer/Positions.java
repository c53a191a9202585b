package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;

/**
 * A layer that tells the positions of a sequence {@code [..., L, E]} apart, up to a length. It is {@link SinusoidalPositions},
 * {@link LearnedPositions} or {@link RotaryPositions}.
 */
public abstract class Positions extends Layer {
    private final int length;
    private final int embedding;

    Positions(int length, int embedding) {
        Settings.requireCount(getClass(), "number of positions", length);
        Settings.requireCount(getClass(), "embedding", embedding);
        this.length = length;
        this.embedding = embedding;
    }

    final int embedding() {
        return embedding;
    }

    /** Returns the output for the positions {@code [from, to)}, whose number is the length of x. */
    abstract Tensor at(Tensor x, int from, int to);

    @Override
    protected final Tensor compute(Tensor x) {
        return run(x, 0);
    }

    /**
     * As {@link #forward(Tensor)}, for a sequence that is the continuation of another.
     *
     * @param start the position of the first element
     * @throws ShapeException if the input is not {@code [..., L, E]}, or is longer than the positions that are left
     * @throws IllegalArgumentException if the start is negative
     */
    public final Tensor forward(Tensor x, int start) {
        return within(x, h -> run(h, start));
    }

    private Tensor run(Tensor x, int start) {
        String name = Character.toLowerCase(getClass().getSimpleName().charAt(0))
                + getClass().getSimpleName().substring(1);
        Shape shape = x.shape();
        Settings.require(start >= 0, name, "first position", "be from 0 on", start);
        if (shape.rank() < 2 || shape.dim(-1) != embedding) {
            throw new ShapeException(name + ": expected input [..., L, " + embedding + "], got " + shape);
        }
        if (shape.dim(-2) > length - start) {
            throw new ShapeException(name + ": the sequence " + shape + " from position " + start + " on is longer than"
                    + " the " + length + " positions of this layer; make it with more");
        }
        return at(x, start, start + shape.dim(-2));
    }

    @Override
    protected String describe() {
        return length + ", " + embedding;
    }
}
