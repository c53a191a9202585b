package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Settings;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of transformers and of their layers beside width and heads, by default as PyTorch's: a feed-forward network of 2048
 * hidden units with ReLU, dropout of 0.1, each part followed by its normalization with ε = 1e-5, and biases.
 *
 * <pre>{@code new TransformerOptions().feedForward(256).dropout(0.2, rng).activation(Tensor::gelu).normFirst(true)}</pre>
 *
 * <p>Options are values: each method returns a changed copy.
 */
public final class TransformerOptions {
    final int hidden;
    final double dropout;
    final @Nullable RandomGenerator generator;
    final UnaryOperator<Tensor> activation;
    final boolean normFirst;
    final double eps;
    final boolean hasBias;
    final boolean hasFinalNorm;

    /** The defaults. */
    public TransformerOptions() {
        this(2048, 0.1, null, Tensor::relu, false, 1e-5, true, false);
    }

    private TransformerOptions(
            int hidden,
            double dropout,
            @Nullable RandomGenerator generator,
            UnaryOperator<Tensor> activation,
            boolean normFirst,
            double eps,
            boolean hasBias,
            boolean hasFinalNorm) {
        this.hidden = hidden;
        this.dropout = dropout;
        this.generator = generator;
        this.activation = activation;
        this.normFirst = normFirst;
        this.eps = eps;
        this.hasBias = hasBias;
        this.hasFinalNorm = hasFinalNorm;
    }

    /**
     * Sets the number of hidden units of the feed-forward network.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public TransformerOptions feedForward(int units) {
        Settings.requireCount(TransformerOptions.class, "number of hidden units", units);
        return new TransformerOptions(units, dropout, generator, activation, normFirst, eps, hasBias, hasFinalNorm);
    }

    /**
     * Sets the probability of dropout, which applies while training to attention weights, to the hidden units, and to what each part
     * adds to its input; its random numbers are drawn from the generator of the block's {@link Init}.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public TransformerOptions dropout(double p) {
        Settings.requirePart(TransformerOptions.class, "probability of dropout", p);
        return new TransformerOptions(hidden, p, null, activation, normFirst, eps, hasBias, hasFinalNorm);
    }

    /**
     * As {@link #dropout(double)}, with random numbers of another generator than that of the initial parameters.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public TransformerOptions dropout(double p, RandomGenerator generator) {
        Settings.requireGenerator(TransformerOptions.class, generator);
        return new TransformerOptions(
                hidden, dropout(p).dropout, generator, activation, normFirst, eps, hasBias, hasFinalNorm);
    }

    /** Sets the function of the hidden units, such as {@code Tensor::gelu}; it has no parameters of its own. */
    public TransformerOptions activation(UnaryOperator<Tensor> function) {
        return new TransformerOptions(hidden, dropout, generator, function, normFirst, eps, hasBias, hasFinalNorm);
    }

    /** Sets whether each part normalises its input, instead of the sum of its input and output (Xiong et al., 2020). */
    public TransformerOptions normFirst(boolean first) {
        return new TransformerOptions(hidden, dropout, generator, activation, first, eps, hasBias, hasFinalNorm);
    }

    /**
     * Sets the ε of the normalizations.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public TransformerOptions eps(double number) {
        Settings.requireNotNegative(TransformerOptions.class, "eps", number);
        return new TransformerOptions(hidden, dropout, generator, activation, normFirst, number, hasBias, hasFinalNorm);
    }

    /** Leaves the biases of projections, feed-forward networks and normalizations out. */
    public TransformerOptions withoutBias() {
        return new TransformerOptions(hidden, dropout, generator, activation, normFirst, eps, false, hasFinalNorm);
    }

    /** Sets whether a stack normalises the output of its last layer, as is usual with {@link #normFirst}. */
    public TransformerOptions finalNorm(boolean present) {
        return new TransformerOptions(hidden, dropout, generator, activation, normFirst, eps, hasBias, present);
    }

    // ---- the parts that these options make ----

    MultiHeadAttention attention(int embedding, int heads, Init init) {
        HeadOptions options = hasBias ? new HeadOptions() : new HeadOptions().withoutBias();
        return new MultiHeadAttention(
                embedding, heads, dropout == 0 ? options : options.dropout(dropout, generator(init)), init);
    }

    Dense dense(int in, int out, Init init) {
        return hasBias ? new Dense(in, out, init) : Dense.withoutBias(in, out, init);
    }

    LayerNorm norm(int embedding, Init init) {
        NormOptions options = new NormOptions().eps(eps);
        return new LayerNorm(Shape.of(embedding), hasBias ? options : options.withoutBias(), init);
    }

    Dropout dropped(Init init) {
        return new Dropout(dropout, generator(init));
    }

    private RandomGenerator generator(Init init) {
        return generator == null ? init.generator() : generator;
    }
}
