package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;
import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link MultiHeadAttention} other than its width and its number of heads: by default keys and values as wide as the
 * queries, with biases, without dropout, and a head of keys and values for each head of queries.
 *
 * <pre>{@code new MultiHeadAttention(64, 8, new HeadOptions().keyValueHeads(2).dropout(0.1, rng), init)}</pre>
 *
 * <p>Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class HeadOptions extends Options<HeadOptions> {
    /** The number of features of the keys; 0 for the number of features of the queries. */
    int keyWidth;

    int valueWidth;
    /** The number of heads of keys and values; 0 for the number of heads of the queries. */
    int keyHeads;

    boolean hasBias = true;
    double dropout;

    @Nullable
    RandomGenerator generator;

    @Nullable
    RotaryPositions rotary;

    /** Keys and values as wide as the queries, with biases, without dropout. */
    public HeadOptions() {}

    /**
     * Sets the width of the keys {@code [N, S, width]} that the block is given.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HeadOptions keyDim(int width) {
        return with(copy -> copy.keyWidth = Settings.requireCount(HeadOptions.class, "keyDim", width));
    }

    /**
     * Sets the width of the values {@code [N, S, width]} that the block is given.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HeadOptions valueDim(int width) {
        return with(copy -> copy.valueWidth = Settings.requireCount(HeadOptions.class, "valueDim", width));
    }

    /**
     * Lets several heads of queries share one of keys and values: with G of these, the first heads/G heads see the first, and so on
     * (Ainslie et al., 2023); with 1, all see the same (Shazeer, 2019).
     *
     * @throws IllegalArgumentException if the number is less than 1; the block refuses one that does not divide its heads
     */
    public HeadOptions keyValueHeads(int number) {
        return with(copy ->
                copy.keyHeads = Settings.requireCount(HeadOptions.class, "number of heads of keys and values", number));
    }

    /** Leaves the biases of the projections out. */
    public HeadOptions withoutBias() {
        return with(copy -> copy.hasBias = false);
    }

    /**
     * Sets attention weights to 0 with probability p while training, and multiplies the others by 1/(1 − p).
     *
     * @throws IllegalArgumentException if p is not from 0 to 1, or the generator is null
     */
    public HeadOptions dropout(double p, RandomGenerator generator) {
        return with(copy -> {
            copy.dropout = Settings.requireFraction(HeadOptions.class, "probability of dropout", p);
            copy.generator = Settings.requireGenerator(HeadOptions.class, generator);
        });
    }

    HeadOptions withoutPositions() {
        return with(copy -> copy.rotary = null);
    }

    /** Rotates the queries and keys of each head, {@code [N, heads, length, D]}, by their positions. */
    public HeadOptions positions(RotaryPositions rotations) {
        return with(copy -> copy.rotary = rotations);
    }
}
