package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of transformers and of their layers beside width and heads, by default as PyTorch's: a feed-forward network of 2048
 * hidden units with ReLU, dropout of 0.1, each part followed by its normalization with ε = 1e-5, and biases.
 *
 * <pre>{@code new TransformerOptions().feedForward(256).dropout(0.2, rng).activation(new GELU()).normFirst(true)}</pre>
 *
 * <p>Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class TransformerOptions extends Options<TransformerOptions> {
    int hidden = 2048;
    private double dropout = 0.1;
    /** The generator of dropout; null for the generator that draws the block's initial parameters. */
    private @Nullable RandomGenerator generator;

    Layer activation = new ReLU();
    boolean normFirst;
    private double eps = 1e-5;
    /** The settings of the attentions, except for dropout. Their hasBias applies to all parts of the layer. */
    private HeadOptions attention = new HeadOptions();

    boolean hasFinalNorm;

    /** The defaults. */
    public TransformerOptions() {}

    /**
     * Sets the number of hidden units of the feed-forward network.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public TransformerOptions feedForward(int units) {
        return with(
                copy -> copy.hidden = Settings.requireCount(TransformerOptions.class, "number of hidden units", units));
    }

    /**
     * Sets the probability of dropout, which applies while training to attention weights, to the hidden units, and to the result of each
     * part before it is added to the part's input; the random numbers are drawn from the generator of the block's {@link Init}.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public TransformerOptions dropout(double p) {
        return withDropout(p, null);
    }

    /**
     * As {@link #dropout(double)}, with random numbers of another generator than the generator of the initial parameters.
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public TransformerOptions dropout(double p, RandomGenerator generator) {
        return withDropout(p, Settings.requireGenerator(TransformerOptions.class, generator));
    }

    private TransformerOptions withDropout(double p, @Nullable RandomGenerator source) {
        return with(copy -> {
            copy.dropout = Settings.requireFraction(TransformerOptions.class, "probability of dropout", p);
            copy.generator = source;
        });
    }

    /** Sets the function of the hidden units, such as {@code new GELU()}: the child {@code activation} of each layer, the same in all. */
    public TransformerOptions activation(Layer function) {
        return with(copy -> copy.activation = function);
    }

    /** Sets whether each part normalises its input, instead of the sum of its input and output (Xiong et al., 2020). */
    public TransformerOptions normFirst(boolean first) {
        return with(copy -> copy.normFirst = first);
    }

    /**
     * Sets the ε of the normalizations.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public TransformerOptions eps(double number) {
        return with(copy -> copy.eps = Settings.requireNotNegative(TransformerOptions.class, "eps", number));
    }

    /** Leaves the biases of projections, feed-forward networks and normalizations out. */
    public TransformerOptions withoutBias() {
        return with(copy -> copy.attention = attention.withoutBias());
    }

    /**
     * Lets several heads of queries share one of keys and values in all attentions: see {@link HeadOptions#keyValueHeads}.
     *
     * @throws IllegalArgumentException if the number is less than 1; a block refuses one that does not divide its heads
     */
    public TransformerOptions keyValueHeads(int number) {
        Settings.requireCount(TransformerOptions.class, "number of heads of keys and values", number);
        return with(copy -> copy.attention = attention.keyValueHeads(number));
    }

    /**
     * Rotates the queries and keys of each head by their positions where a sequence attends to itself, not where it attends to a memory:
     * see {@link HeadOptions#positions}.
     */
    public TransformerOptions positions(RotaryPositions rotations) {
        return with(copy -> copy.attention = attention.positions(rotations));
    }

    /** Sets whether a stack normalises the output of its last layer, as is usual with {@link #normFirst}. */
    public TransformerOptions finalNorm(boolean present) {
        return with(copy -> copy.hasFinalNorm = present);
    }

    // ---- the parts that these options make ----

    MultiHeadAttention selfAttention(int embedding, int heads, RandomGenerator init) {
        return attention(embedding, heads, attention, init);
    }

    /** The attention to another sequence, without the settings for positions, since the positions of two sequences are unrelated. */
    MultiHeadAttention crossAttention(int embedding, int heads, RandomGenerator init) {
        return attention(embedding, heads, attention.withoutPositions(), init);
    }

    private MultiHeadAttention attention(int embedding, int heads, HeadOptions options, RandomGenerator init) {
        return new MultiHeadAttention(
                embedding, heads, dropout == 0 ? options : options.dropout(dropout, generator(init)), init);
    }

    Dense dense(int in, int out, RandomGenerator init) {
        return attention.hasBias ? new Dense(in, out, init) : Dense.withoutBias(in, out, init);
    }

    LayerNorm norm(int embedding, RandomGenerator init) {
        NormOptions options = new NormOptions().eps(eps);
        return new LayerNorm(Shape.of(embedding), attention.hasBias ? options : options.withoutBias(), init);
    }

    Dropout dropped(RandomGenerator init) {
        return new Dropout(dropout, generator(init));
    }

    private RandomGenerator generator(RandomGenerator init) {
        return generator == null ? init : generator;
    }
}
