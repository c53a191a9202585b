package io.adjoint.core.loops;

import io.adjoint.core.Internal;
import java.lang.ref.SoftReference;

/**
 * Arrays for copies of the operands of a matrix product, kept for the thread's next product: a new array would have to be cleared and would
 * not be in the caches, which would cost a third of the time of a 128×128 product. The elements of an array are undefined. The garbage
 * collector takes the arrays back if memory runs short. The kept objects have classes of the JDK, so a thread keeps no class of this
 * library loaded.
 *
 * @hidden
 */
@Internal
public final class DoubleScratch {
    private static final ThreadLocal<SoftReference<double[]>> LEFT = new ThreadLocal<>();
    private static final ThreadLocal<SoftReference<double[]>> RIGHT = new ThreadLocal<>();
    private static final ThreadLocal<SoftReference<double[]>> COLUMNS = new ThreadLocal<>();

    private DoubleScratch() {}

    /**
     * An array of at least n elements for a copy of a product's left operand; each thread has an array of its own, for one product at a
     * time.
     */
    public static double[] left(int n) {
        return ofAtLeast(n, LEFT);
    }

    /** An array of at least n elements for a copy of a product's right operand; each thread has an array of its own. */
    public static double[] right(int n) {
        return ofAtLeast(n, RIGHT);
    }

    /**
     * An array of at least n elements for a right operand that the caller fills. This array differs from the array of {@link #right}, to
     * which a product may copy its right operand.
     */
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
