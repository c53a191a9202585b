package io.adjoint.core.math;

import io.adjoint.core.Internal;

/**
 * Arrays for what is between the loops of a function, kept for the thread's next one: new ones would be cleared first, and with short
 * runs be most of what is allocated. {@link ExpParts} takes 0 to 3 and its callers 4; {@link FloatMath}, which calls neither, takes
 * all. Of the arrays of doubles the functions of adjoint-simd take 0 to 2, and call none of these before they are done with them. Their
 * classes are the JDK's, so that no thread holds this module.
 *
 * @hidden
 */
@Internal
public final class Buffers {
    /** The elements of each. */
    public static final int RUN = 512;

    private static final ThreadLocal<double[][]> KEPT = ThreadLocal.withInitial(() -> new double[5][RUN]);

    private static final ThreadLocal<float[][]> FLOATS = ThreadLocal.withInitial(() -> new float[4][RUN]);

    private Buffers() {}

    /** The arrays, in which is what was left there. */
    public static double[][] get() {
        return KEPT.get();
    }

    /** Arrays of floats, all of which {@link FloatMath} and the functions of adjoint-simd take. */
    public static float[][] floats() {
        return FLOATS.get();
    }
}
