package io.adjoint.core;

import java.lang.ref.SoftReference;

/**
 * Arrays for copies of operands, kept for the thread's next product: a new array would be cleared first and lie outside the caches, which
 * takes a third of the time of a product of 128×128. What was in an array before is still there. Memory that runs short takes them
 * back, and their classes are the JDK's, so that no thread holds this module.
 *
 * @hidden
 */
@Internal
public final class DoubleScratch {
    private static final ThreadLocal<SoftReference<double[]>> LEFT = new ThreadLocal<>();
    private static final ThreadLocal<SoftReference<double[]>> RIGHT = new ThreadLocal<>();
    private static final ThreadLocal<SoftReference<double[]>> COLUMNS = new ThreadLocal<>();

    private DoubleScratch() {}

    /** An array of at least n elements for the left operand of one product at a time. */
    public static double[] left(int n) {
        return ofAtLeast(n, LEFT);
    }

    /** An array of at least n elements for the right operand. */
    public static double[] right(int n) {
        return ofAtLeast(n, RIGHT);
    }

    /** An array of at least n elements for a right operand that a product may copy again. */
    static double[] columns(int n) {
        return ofAtLeast(n, COLUMNS);
    }

    private static double[] ofAtLeast(int n, ThreadLocal<SoftReference<double[]>> kept) {
        SoftReference<double[]> reference = kept.get();
        double[] array = reference == null ? null : reference.get();
        if (array == null || array.length < n) {
            array = new double[n];
            kept.set(new SoftReference<>(array));
        }
        return array;
    }
}
