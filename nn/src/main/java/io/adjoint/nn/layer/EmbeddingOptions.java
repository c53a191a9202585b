package io.adjoint.nn.layer;

import io.adjoint.core.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link Embedding} and {@link EmbeddingBag} beside their sizes: by default no row is for padding. Options are values:
 * each method returns a changed copy.
 */
public final class EmbeddingOptions {
    private final @Nullable Integer padding;

    /** No row for padding. */
    public EmbeddingOptions() {
        this(null);
    }

    private EmbeddingOptions(@Nullable Integer padding) {
        this.padding = padding;
    }

    /**
     * Makes a row that of padding: it begins as zeros and gets no gradient, and a bag leaves it out.
     *
     * @param row its number; a negative one counts from the end
     */
    public EmbeddingOptions paddingIndex(int row) {
        return new EmbeddingOptions(row);
    }

    /**
     * The row for padding in a table; −1 for none.
     *
     * @throws IllegalArgumentException if the table doesn't have that row
     */
    int paddingOf(String name, Shape table) {
        if (padding == null) {
            return -1;
        }
        int count = table.dim(0);
        if (padding < -count || padding >= count) {
            throw new IllegalArgumentException(
                    name + ": the padding index " + padding + " is out of range for a table of " + count + " rows");
        }
        return padding < 0 ? padding + count : padding;
    }
}
