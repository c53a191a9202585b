package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Functional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A fully connected layer, {@code y = x·Wᵀ + b}.
 *
 * <p>Shapes: input {@code [..., in]}, output {@code [..., out]}, parameter {@code weight [out, in]} and, unless it is left out,
 * {@code bias [out]}. Both are drawn from U(−1/√in, 1/√in), the weight first.
 */
public final class Dense extends WeightedLayer {
    /**
     * A layer with bias.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in or out is less than 1
     */
    public Dense(int in, int out, RandomGenerator init) {
        this(in, out, true, init);
    }

    private Dense(int in, int out, boolean hasBias, RandomGenerator init) {
        super(weight(in, out), out, hasBias, init);
    }

    private Dense(Tensor weight, @Nullable Tensor bias) {
        super(matrix(weight), bias, weight.shape().dim(0));
    }

    private static Tensor matrix(Tensor weight) {
        if (weight.shape().rank() != 2) {
            throw new ShapeException("Dense: expected a weight [out, in], got " + weight.shape());
        }
        return weight;
    }

    private static Shape weight(int in, int out) {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "Dense: expected at least 1 input and 1 output, got " + in + " and " + out);
        }
        return Shape.of("Dense", out, in);
    }

    /**
     * A layer without bias, {@code y = x·Wᵀ}.
     *
     * @throws IllegalArgumentException if in or out is less than 1
     */
    public static Dense withoutBias(int in, int out, RandomGenerator init) {
        return new Dense(in, out, false, init);
    }

    /**
     * A layer of given parameters, which are registered, not copied: a parameter that another block has, too, is tied, and the state has it
     * under both paths.
     *
     * <pre>{@code
     * words = child("words", new Embedding(1000, 64, init));
     * output = child("output", Dense.of(words.weight(), null));
     * }</pre>
     *
     * @param weight a leaf that requires a gradient, {@code [out, in]}
     * @param bias such a leaf {@code [out]}; null for none
     * @throws ShapeException if a parameter has another shape
     * @throws IllegalArgumentException if a parameter is not such a leaf
     */
    public static Dense of(Tensor weight, @Nullable Tensor bias) {
        return new Dense(weight, bias);
    }

    /**
     * The outputs {@code [..., out]} for inputs {@code [..., in]} of this layer's dtype.
     *
     * @throws ShapeException if the last dimension is not {@code in}
     * @throws io.adjoint.core.DTypeException if the input is not of this layer's dtype
     */
    @Override
    Tensor compute(Tensor x, Tensor weight) {
        return Functional.linear(x, weight, bias());
    }

    @Override
    String sizes() {
        return weight.shape().dim(1) + " -> " + weight.shape().dim(0);
    }
}
