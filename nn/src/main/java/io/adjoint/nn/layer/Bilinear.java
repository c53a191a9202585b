package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Functional;
import io.adjoint.nn.Init;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A bilinear function of two inputs: {@code y[o] = aᵀ·W[o]·b + bias[o]}; see {@link Functional#bilinear}.
 *
 * <p>Shapes: inputs {@code [..., in1]} and {@code [..., in2]} with the same leading axes, output {@code [..., out]}; parameters
 * {@code weight [out, in1, in2]} and, unless it is left out, {@code bias [out]}, both drawn from U(−1/√in1, 1/√in1), the weight first.
 */
public final class Bilinear extends Block {
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /**
     * A block with bias.
     *
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if in1, in2 or out is less than 1
     */
    public Bilinear(int in1, int in2, int out, RandomGenerator init) {
        this(in1, in2, out, true, init);
    }

    private Bilinear(int in1, int in2, int out, boolean hasBias, RandomGenerator init) {
        if (in1 < 1 || in2 < 1 || out < 1) {
            throw new IllegalArgumentException("Bilinear: expected at least 1 element of each input and 1 output, got "
                    + in1 + ", " + in2 + " and " + out);
        }
        double bound = 1 / Math.sqrt(in1);
        Init source = Init.of(init);
        this.weight = parameter("weight", source.uniform(Shape.of("Bilinear", out, in1, in2), bound));
        this.bias = hasBias ? parameter("bias", source.uniform(Shape.of(out), bound)) : null;
    }

    /**
     * A block without bias.
     *
     * @throws IllegalArgumentException if in1, in2 or out is less than 1
     */
    public static Bilinear withoutBias(int in1, int in2, int out, RandomGenerator init) {
        return new Bilinear(in1, in2, out, false, init);
    }

    /** The weight, shape {@code [out, in1, in2]}. */
    public Tensor weight() {
        return weight;
    }

    /** The biases, shape {@code [out]}; null if this block has none. */
    public @Nullable Tensor bias() {
        return bias;
    }

    /**
     * The outputs {@code [..., out]}.
     *
     * @throws io.adjoint.core.ShapeException if the last dimensions are not in1 and in2, or the leading ones differ
     * @throws io.adjoint.core.DTypeException if an input is not of this block's dtype
     */
    public Tensor forward(Tensor a, Tensor b) {
        return within(() -> Functional.bilinear(a, b, weight, bias));
    }

    @Override
    protected String describe() {
        Shape shape = weight.shape();
        return shape.dim(1) + ", " + shape.dim(2) + " -> " + shape.dim(0) + (bias == null ? ", no bias" : "")
                + Descriptions.of(weight.dtype());
    }
}
