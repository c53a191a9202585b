package io.adjoint.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.adjoint.core.Kernels;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.VectorShape;

/** The vectors of this module: the longest that the JVM uses, or of the length that the system property says. */
final class Vectors {
    /** The system property with the length in bits. */
    static final String PROPERTY = "adjoint.simd.bits";
    /** The system property with the smallest work that is worth vectors. */
    private static final String MIN_WORK = "adjoint.simd.minWork";

    private static final int LONGEST = VectorShape.preferredShape().vectorBitSize();

    // SimdProvider checks the property before: an exception in here would be a NoClassDefFoundError at the next use.
    static final VectorShape SHAPE = VectorShape.forBitSize(Integer.getInteger(PROPERTY, LONGEST));

    /** True if products of matrices and convolutions add each product to its sum with one rounding. */
    static final boolean FUSES = "fma".equals(System.getProperty(Kernels.PROPERTY));

    private Vectors() {}

    /**
     * The length from which a loop uses vectors, if they pay from a given one on. The system property {@value #MIN_WORK} lowers it, for
     * tests that want vectors everywhere.
     */
    static int from(int paying) {
        return Math.min(paying, Integer.getInteger(MIN_WORK, paying));
    }

    static String describe() {
        return describe(SHAPE.vectorBitSize(), LONGEST)
                + (FUSES && !hasFma()
                        ? "; this JVM has no fused multiply-add, so products are a hundred times slower"
                        : "");
    }

    static String describe(int bits, int longest) {
        String what = "vectors of " + bits + " bits";
        return bits <= longest ? what : what + "; this JVM uses " + longest + ", so these are many times slower";
    }

    /** Returns whether the JVM has an instruction for it, as far as it tells. */
    private static boolean hasFma() {
        try {
            HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return vm == null || !vm.getVMOption("UseFMA").getValue().equals("false");
        } catch (LinkageError | IllegalArgumentException e) {
            // The JVM was made without the module, or has no such option.
            return true;
        }
    }
}
