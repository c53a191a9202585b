package io.adjoint.simd;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.adjoint.core.Backend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimdProviderTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"128", "256", "512"})
    void theseLengthsAreAccepted(String bits) {
        assertDoesNotThrow(() -> SimdProvider.checkLength(bits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "1024", "-128", "all", "", "0x100"})
    void anotherLengthIsRefusedWithThoseThatThereAre(String bits) {
        String before = System.setProperty(Vectors.PROPERTY, bits);
        try {
            Exception e = assertThrows(IllegalStateException.class, () -> new SimdProvider().obstacle());
            assertEquals("-Dadjoint.simd.bits=" + bits + ": expected one of 128, 256, 512", e.getMessage());
        } finally {
            if (before == null) {
                System.clearProperty(Vectors.PROPERTY);
            } else {
                System.setProperty(Vectors.PROPERTY, before);
            }
        }
    }

    @Test
    void theDescriptionWarnsOfVectorsThatTheJvmDoesNotUse() {
        assertEquals("vectors of 256 bits", Vectors.describe(256, 512));
        assertEquals(
                "vectors of 512 bits; this JVM uses 256, so these are many times slower", Vectors.describe(512, 256));
    }

    /** A program that prints which loops it uses. */
    static final class Describing {
        private Describing() {}

        /** Prints the description of the loops. */
        public static void main(String[] args) {
            System.out.println(Backend.describe());
        }
    }

    @Test
    void theDescriptionWarnsOfAJvmWithoutFusedMultiplyAdd() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-XX:-UseFMA",
                        "-Dadjoint.backend=fma",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Describing.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, program.waitFor(), line);
        assertTrue(line.startsWith("fma: vectors of "), line);
        assertTrue(line.contains("; this JVM has no fused multiply-add, so products are "), line);
    }
}
