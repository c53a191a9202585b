package io.adjoint.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.adjoint.core.Backend;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.VectorShape;

/**
 * The vectors that this module uses: the longest vectors of the JVM, unless the system property {@value #PROPERTY} gives another length.
 */
final class Vectors {
    /** The system property with the vectors' length in bits. */
    static final String PROPERTY = "adjoint.simd.bits";
    /** The system property with the smallest number of elements, or multiply-adds, for which vectors are used. */
    private static final String MIN_WORK = "adjoint.simd.minWork";

    private static final int LONGEST = VectorShape.preferredShape().vectorBitSize();

    // SimdProvider checks the property before it uses this class, since an exception here would appear as a
    // NoClassDefFoundError at the next use of this class.
    static final VectorShape SHAPE = VectorShape.forBitSize(Integer.getInteger(PROPERTY, LONGEST));

    /** True if matrix products and convolutions add each product to its sum with one rounding (fused multiply-add). */
    static final boolean FUSES = "fma".equals(System.getProperty(Backend.PROPERTY));

    private Vectors() {}

    /**
     * The smallest number of elements for which a loop uses vectors: {@code paying}, the number from which on vectors are faster, or the
     * number in the system property {@value #MIN_WORK} if this number is smaller, for tests that need vectors everywhere.
     */
    static int from(int paying) {
        return Math.min(paying, Integer.getInteger(MIN_WORK, paying));
    }

    static String describe() {
        return describe(SHAPE.vectorBitSize(), LONGEST)
                + (FUSES && !hasFma()
                        ? "; this JVM has no fused multiply-add, so products are tens of thousands of times slower"
                        : "");
    }

    static String describe(int bits, int longest) {
        String what = "vectors of " + bits + " bits";
        return bits <= longest ? what : what + "; this JVM uses " + longest + ", so these are many times slower";
    }

    /** Returns whether the JVM has an instruction for fused multiply-add; true if this is unknown. */
    private static boolean hasFma() {
        try {
            HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return vm == null || !vm.getVMOption("UseFMA").getValue().equals("false");
        } catch (LinkageError | IllegalArgumentException e) {
            // This JVM lacks the management module or the option UseFMA.
            return true;
        }
    }
}
