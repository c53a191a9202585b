package io.adjoint.nn.layer;

import io.adjoint.nn.Settings;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link MultiHeadAttention} beside its width and its number of heads: by default keys and values as wide as the
 * queries, with biases, without dropout, and a head of keys and values for each head of queries.
 *
 * <pre>{@code new MultiHeadAttention(64, 8, new HeadOptions().keyValueHeads(2).dropout(0.1, rng), init)}</pre>
 *
 * <p>Options are values: each method returns a changed copy.
 */
public final class HeadOptions {
    final int keyWidth;
    final int valueWidth;
    final int keyHeads;
    final boolean hasBias;
    final double dropout;
    final @Nullable RandomGenerator generator;
    final @Nullable RotaryPositions rotary;

    /** Keys and values as wide as the queries, with biases, without dropout. */
    public HeadOptions() {
        this(0, 0, 0, true, 0, null, null);
    }

    private HeadOptions(
            int keyWidth,
            int valueWidth,
            int keyHeads,
            boolean hasBias,
            double dropout,
            @Nullable RandomGenerator generator,
            @Nullable RotaryPositions rotary) {
        this.keyWidth = keyWidth;
        this.valueWidth = valueWidth;
        this.keyHeads = keyHeads;
        this.hasBias = hasBias;
        this.dropout = dropout;
        this.generator = generator;
        this.rotary = rotary;
    }

    /**
     * Sets the width of the keys {@code [N, S, width]} that the block is given.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HeadOptions keyDim(int width) {
        return new HeadOptions(positive("keyDim", width), valueWidth, keyHeads, hasBias, dropout, generator, rotary);
    }

    /**
     * Sets the width of the values {@code [N, S, width]} that the block is given.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HeadOptions valueDim(int width) {
        return new HeadOptions(keyWidth, positive("valueDim", width), keyHeads, hasBias, dropout, generator, rotary);
    }

    /**
     * Lets several heads of queries share one of keys and values: with G of these, the first heads/G heads see the first, and so on
     * (Ainslie et al., 2023); with 1, all see the same (Shazeer, 2019).
     *
     * @throws IllegalArgumentException if the number is less than 1; the block refuses one that does not divide its heads
     */
    public HeadOptions keyValueHeads(int number) {
        return new HeadOptions(
                keyWidth, valueWidth, positive("keyValueHeads", number), hasBias, dropout, generator, rotary);
    }

    /** Leaves the biases of the projections out. */
    public HeadOptions withoutBias() {
        return new HeadOptions(keyWidth, valueWidth, keyHeads, false, dropout, generator, rotary);
    }

    /**
     * Sets attention weights to 0 with probability p while training, and multiplies the others by 1/(1 − p).
     *
     * @throws IllegalArgumentException if p is not from 0 to 1, or the generator is null
     */
    public HeadOptions dropout(double p, RandomGenerator generator) {
        Settings.requirePart(HeadOptions.class, "probability of dropout", p);
        Settings.requireGenerator(HeadOptions.class, generator);
        return new HeadOptions(keyWidth, valueWidth, keyHeads, hasBias, p, generator, rotary);
    }

    HeadOptions withoutPositions() {
        return new HeadOptions(keyWidth, valueWidth, keyHeads, hasBias, dropout, generator, null);
    }

    /** Rotates the queries and keys of each head, {@code [N, heads, length, D]}, by their positions. */
    public HeadOptions positions(RotaryPositions rotations) {
        return new HeadOptions(keyWidth, valueWidth, keyHeads, hasBias, dropout, generator, rotations);
    }

    private static int positive(String setting, int number) {
        return Settings.requireCount(HeadOptions.class, setting, number);
    }
}
