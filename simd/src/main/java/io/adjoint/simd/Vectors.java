package io.adjoint.simd;

import java.util.List;
import jdk.incubator.vector.VectorShape;
import org.jspecify.annotations.Nullable;

/** The length of the vectors: the longest that the processor has, or what the system property says. */
final class Vectors {
    /** The system property with the length in bits. */
    static final String PROPERTY = "adjoint.simd.bits";

    private static final List<String> LENGTHS = List.of("128", "256", "512");

    static final VectorShape SHAPE = shape(System.getProperty(PROPERTY));

    private Vectors() {}

    /** The vectors that the property's value asks for; the longest of the processor if it is null. */
    static VectorShape shape(@Nullable String value) {
        if (value == null) {
            return VectorShape.preferredShape();
        }
        if (!LENGTHS.contains(value)) {
            throw new IllegalStateException(
                    "-D" + PROPERTY + "=" + value + ": expected one of " + String.join(", ", LENGTHS));
        }
        return VectorShape.forBitSize(Integer.parseInt(value));
    }
}
