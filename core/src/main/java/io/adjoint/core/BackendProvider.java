package io.adjoint.core;

import org.jspecify.annotations.Nullable;

/**
 * Provides loops that replace this module's own loops. The module adjoint-simd has a provider, which {@link java.util.ServiceLoader} finds.
 * The results of the provided loops have the same bits as the results of this module's loops, unless fused multiply-adds are requested from
 * {@link Backend}.
 *
 * @hidden
 */
@Internal
public interface BackendProvider {
    /**
     * The reason why these loops cannot run in this JVM, with advice; null if they can.
     *
     * @throws IllegalStateException if a setting of the provider is invalid
     */
    @Nullable
    String obstacle();

    /**
     * A short description of the loops that run. Like the methods after it, this method is called only if {@link #obstacle} returns null.
     */
    String describe();

    /** The provider's loops for FLOAT64. */
    Loops<double[]> float64();

    /** The provider's loops for FLOAT32. */
    Loops<float[]> float32();
}
