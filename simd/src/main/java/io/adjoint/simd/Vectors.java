package io.adjoint.simd;

import jdk.incubator.vector.VectorShape;
import org.jspecify.annotations.Nullable;

/** The length of the vectors: the longest that the processor has, or what the system property says. */
final class Vectors {
    /** The system property with the length in bits: 128, 256 or 512. */
    static final String PROPERTY = "adjoint.simd.bits";

    static final VectorShape SHAPE = shape(Integer.getInteger(PROPERTY));

    private Vectors() {}

    private static VectorShape shape(@Nullable Integer bits) {
        return bits == null ? VectorShape.preferredShape() : VectorShape.forBitSize(bits);
    }
}
