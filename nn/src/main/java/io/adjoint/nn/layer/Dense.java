package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every output a weighted sum of all inputs: {@code y = x·Wᵀ + b}.
 *
 * <p>Shapes: input {@code [..., in]}, output {@code [..., out]}, parameter {@code weight [out, in]} and, unless it is left out,
 * {@code bias [out]}. Both are drawn from U(−1/√in, 1/√in), the weight first.
 */
public final class Dense extends Layer {
    private final int in;
    private final int out;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /** A FLOAT64 layer with bias. */
    public Dense(int in, int out, RandomGenerator rng) {
        this(in, out, true, DType.FLOAT64, rng);
    }

    /**
     * A layer of the given dtype, with or without bias.
     *
     * @throws IllegalArgumentException if there is no input or no output
     */
    public Dense(int in, int out, boolean bias, DType dtype, RandomGenerator rng) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "Dense: expected at least 1 input and 1 output, got " + in + " and " + out);
        }
        this.in = in;
        this.out = out;
        double bound = 1 / Math.sqrt(in);
        this.weight = parameter("weight", Init.uniform(dtype, Shape.of("Dense", out, in), -bound, bound, rng));
        this.bias = bias ? parameter("bias", Init.uniform(dtype, Shape.of(out), -bound, bound, rng)) : null;
    }

    /** The weights, shape {@code [out, in]}. */
    public Tensor weight() {
        return weight;
    }

    /** The biases, shape {@code [out]}; null if this layer has none. */
    public @Nullable Tensor bias() {
        return bias;
    }

    /**
     * The outputs {@code [..., out]} for inputs {@code [..., in]}.
     *
     * @throws ShapeException if the last axis is not {@code in} long
     * @throws DTypeException if the input is not of this layer's dtype
     */
    @Override
    public Tensor forward(Tensor x) {
        Shape shape = x.shape();
        if (shape.rank() == 0 || shape.dim(-1) != in) {
            throw new ShapeException(located() + ": expected input [..., " + in + "], got " + shape);
        }
        if (x.dtype() != weight.dtype()) {
            throw new DTypeException(located() + ": expected " + weight.dtype() + " input, got " + x.dtype()
                    + "; convert it with to(" + weight.dtype() + ")");
        }
        return traced(() -> Functional.linear(x, weight, bias));
    }

    @Override
    protected String describe() {
        return in + " -> " + out + (bias == null ? ", no bias" : "")
                + (weight.dtype() == DType.FLOAT64 ? "" : ", " + weight.dtype());
    }
}
