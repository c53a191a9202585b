package io.adjoint.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jdk.incubator.vector.VectorShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {
    @Test
    void theLengthIsTheProcessorsOrTheOneAskedFor() {
        assertEquals(VectorShape.preferredShape(), Vectors.shape(null));
        assertEquals(VectorShape.S_256_BIT, Vectors.shape("256"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "1024", "-128", "all", ""})
    void anotherLengthIsRefusedWithThoseThatThereAre(String bits) {
        Exception e = assertThrows(IllegalStateException.class, () -> Vectors.shape(bits));
        assertEquals("-Dadjoint.simd.bits=" + bits + ": expected one of 128, 256, 512", e.getMessage());
    }
}
