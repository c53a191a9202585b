package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;
import io.adjoint.core.Shape;
import io.adjoint.nn.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link Embedding} and {@link EmbeddingBag} beside their sizes: by default no row is for padding, and rows have any norm.
 * Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class EmbeddingOptions extends Options<EmbeddingOptions> {
    private @Nullable Integer padding;
    /** The largest norm of a row; infinity for no limit. */
    double maxNorm = Double.POSITIVE_INFINITY;

    double normType = 2;
    boolean scaleGradByFreq;

    /** No row for padding, any norm. */
    public EmbeddingOptions() {}

    /**
     * Makes a row the padding row: it is initialized with zeros, gets no gradient, and is left out of bags.
     *
     * @param row its number; a negative one counts from the end
     */
    public EmbeddingOptions paddingIndex(int row) {
        return with(copy -> copy.padding = row);
    }

    /**
     * Sets the largest norm of a row. Before a row with a larger norm is looked up, it is scaled down to this norm in the table itself,
     * without a gradient: in training and evaluation, and in a frozen table, too. The table is then for one thread at a time.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public EmbeddingOptions maxNorm(double value) {
        Settings.require(value > 0, EmbeddingOptions.class, "maxNorm", "be positive", value);
        return with(copy -> copy.maxNorm = value);
    }

    /**
     * Sets the p of the norm of {@link #maxNorm}, {@code (Σ |x|^p)^(1/p)}; 2 is the default, and infinity the largest absolute value.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public EmbeddingOptions normType(double p) {
        Settings.require(p > 0, EmbeddingOptions.class, "normType", "be positive", p);
        return with(copy -> copy.normType = p);
    }

    /** Divides the gradient of each row by the number of times that it is looked up in the call; not of bags of largest values. */
    public EmbeddingOptions scaleGradByFreq() {
        return with(copy -> copy.scaleGradByFreq = true);
    }

    /**
     * The index of the padding row in a table; −1 for none.
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
