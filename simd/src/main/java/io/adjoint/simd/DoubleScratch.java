package io.adjoint.simd;

import java.lang.ref.SoftReference;

/**
 * Arrays for the copies of a product's operands, kept for the thread's next one: a new array would be cleared first and lie outside
 * the caches, which takes a third of the time of a product of 128×128. What was in an array before is still there. Memory that runs
 * short takes them back, and their classes are the JDK's, so that no thread holds this module.
 */
final class DoubleScratch {
    private static final ThreadLocal<SoftReference<double[]>> LEFT = new ThreadLocal<>();
    private static final ThreadLocal<SoftReference<double[]>> RIGHT = new ThreadLocal<>();

    private DoubleScratch() {}

    /** An array of at least n elements for the left operand of one product at a time. */
    static double[] left(int n) {
        return ofAtLeast(n, LEFT);
    }

    /** An array of at least n elements for the right operand. */
    static double[] right(int n) {
        return ofAtLeast(n, RIGHT);
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
