package io.adjoint.nn;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link Functional#scaledDotProductAttention}: by default the scale {@code 1/√E}, no dropout, and a head of keys for
 * each head of queries. Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class AttentionOptions extends Options<AttentionOptions> {
    double scale = Double.NaN;
    boolean grouped;
    double dropout;

    @Nullable
    RandomGenerator generator;

    /** The scale {@code 1/√E}, no dropout, a head of keys for each head of queries. */
    public AttentionOptions() {}

    /**
     * Sets the factor of the products of queries and keys.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public AttentionOptions scale(double factor) {
        return with(copy -> copy.scale = Settings.requireFinite(AttentionOptions.class, "scale", factor));
    }

    /**
     * Lets several heads of queries share one of keys and values: of queries {@code [..., H, L, E]} and keys {@code [..., G, S, E]},
     * where G divides H, the first H/G heads see the first head of keys, and so on (Ainslie et al., 2023). PyTorch calls this
     * {@code enable_gqa}.
     */
    public AttentionOptions grouped() {
        return with(copy -> copy.grouped = true);
    }

    /**
     * Sets each weight to 0 with probability p, and multiplies the others by 1/(1 − p), as {@link Functional#dropout} does.
     *
     * @param generator gives one number for each call, for any number of weights
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public AttentionOptions dropout(double p, RandomGenerator generator) {
        return with(copy -> {
            copy.dropout = Settings.requireFraction(AttentionOptions.class, "probability of dropout", p);
            copy.generator = Settings.requireGenerator(AttentionOptions.class, generator);
        });
    }

    /** The settings, for messages. */
    @Override
    public String toString() {
        return "AttentionOptions(" + (Double.isNaN(scale) ? "scale 1/√E" : "scale " + scale)
                + (grouped ? ", grouped" : "") + (dropout == 0 ? "" : ", dropout " + dropout) + ")";
    }
}
