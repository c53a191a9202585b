package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * Per-thread arrays for intermediate results between the loops of a function. New arrays for each call would have to be cleared and, for
 * calls with few arguments, would be most of the memory that is allocated. {@link ExpParts} uses the arrays 0 to 3 of doubles, and its
 * callers use array 4. {@link FloatMath} uses all arrays, and calls no other class that uses them. A function of adjoint-simd uses the
 * arrays 0 to 2 of doubles, and calls no other method that uses these arrays until it has finished with them. The kept objects have classes
 * of the JDK, so a thread keeps no class of this library loaded.
 *
 * @hidden
 */
@Internal
public final class Buffers {
    /** The number of elements in each array. */
    public static final int RUN = 512;

    private static final ThreadLocal<double[][]> KEPT = ThreadLocal.withInitial(() -> new double[5][RUN]);

    private static final ThreadLocal<float[][]> FLOATS = ThreadLocal.withInitial(() -> new float[4][RUN]);

    private Buffers() {}

    /** The arrays of doubles; their elements are undefined. */
    public static double[][] get() {
        return KEPT.get();
    }

    /** The arrays of floats, all of which {@link FloatMath} and the functions of adjoint-simd use. */
    public static float[][] floats() {
        return FLOATS.get();
    }
}
