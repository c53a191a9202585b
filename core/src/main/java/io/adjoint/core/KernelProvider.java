package io.adjoint.core;

import org.jspecify.annotations.Nullable;

/**
 * Loops that take the place of this module's, found by {@link java.util.ServiceLoader}: the loops of adjoint-simd. They give the same
 * bits, unless {@link Kernels} was asked for fused multiply-adds.
 *
 * @hidden
 */
@Internal
public interface KernelProvider {
    /**
     * The reason why they cannot run in this JVM, with the way out; null if they can.
     *
     * @throws IllegalStateException if a setting of theirs is wrong
     */
    @Nullable
    String obstacle();

    /** A few words on what runs. Called only if there is no obstacle, as is all that follows. */
    String describe();

    /** The loops of FLOAT64; plain are those of this module, to be kept where they are best. */
    Loops<double[]> float64(Loops<double[]> plain);

    /** The loops of FLOAT32. */
    Loops<float[]> float32(Loops<float[]> plain);
}
