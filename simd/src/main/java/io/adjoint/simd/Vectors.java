package io.adjoint.simd;

import jdk.incubator.vector.VectorShape;

/** The length of the vectors: the longest that the processor has, or what the system property says. */
final class Vectors {
    /** The system property with the length in bits. */
    static final String PROPERTY = "adjoint.simd.bits";

    // The provider has checked the property; an exception in here would make this class unusable without a reason.
    static final VectorShape SHAPE = Integer.getInteger(PROPERTY) == null
            ? VectorShape.preferredShape()
            : VectorShape.forBitSize(Integer.getInteger(PROPERTY));

    private Vectors() {}

    static String describe() {
        return describe(SHAPE.vectorBitSize(), VectorShape.preferredShape().vectorBitSize());
    }

    static String describe(int bits, int longest) {
        String what = "vectors of " + bits + " bits";
        return bits <= longest ? what : what + ", many times slower than the " + longest + " that this processor has";
    }
}
