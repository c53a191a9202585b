package io.adjoint.simd;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimdProviderTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"128", "256", "512"})
    void theVectorsLengthCanBeSet(String bits) {
        assertDoesNotThrow(() -> SimdProvider.checkLength(bits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "1024", "-128", "all", "", "0x100"})
    void anotherLengthIsRefusedWithThoseThatThereAre(String bits) {
        Exception e = assertThrows(IllegalStateException.class, () -> SimdProvider.checkLength(bits));
        assertEquals("-Dadjoint.simd.bits=" + bits + ": expected one of 128, 256, 512", e.getMessage());
    }

    @Test
    void theDescriptionWarnsOfVectorsThatTheProcessorLacks() {
        assertEquals("vectors of 256 bits", Vectors.describe(256, 512));
        assertEquals(
                "vectors of 512 bits, many times slower than the 256 that this processor has",
                Vectors.describe(512, 256));
    }
}
