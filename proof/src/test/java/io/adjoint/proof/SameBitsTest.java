package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.net.URLClassLoader;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the backends {@code default} and {@code simd} compute the same bits, and that the backend {@code fma}, whose bits differ from
 * theirs, computes the same bits for all vector lengths. The backend is chosen when the library is loaded, so each is tested in a class
 * loader of its own.
 */
@Tag("vectors")
@Tag("slow")
class SameBitsTest {
    private static final Map<String, String> DEFAULT = new TreeMap<>();

    @BeforeAll
    static void computeByTheDefaultKernels() throws Exception {
        DEFAULT.putAll(bits(Map.of("adjoint.backend", "default")));
    }

    @Test
    void thereAreResults() {
        assertThat(DEFAULT).contains(entry("backend", "default: chosen by -Dadjoint.backend=default"));
        assertThat(DEFAULT.values())
                .filteredOn(digest -> digest.startsWith("["))
                .hasSizeGreaterThan(900);
        assertThat(DEFAULT.entrySet())
                .filteredOn(result -> result.getKey().startsWith("large "))
                .hasSize(2 * LargeCases.ROWS.size())
                .allMatch(result -> result.getValue().startsWith("["));
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void simdGivesTheBitsOfTheDefaultLoopsWhateverTheVectorsLength(int length) throws Exception {
        Map<String, String> found =
                bits(Map.of("adjoint.backend", "simd", "adjoint.simd.bits", "" + length, "adjoint.simd.minWork", "0"));
        assertThat(found.remove("backend")).startsWith("simd: vectors of " + length + " bits");
        Map<String, String> expected = new TreeMap<>(DEFAULT);
        expected.remove("backend");
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void fusedMultiplyAddsGiveBitsOfTheirOwnWhateverTheVectorsLength() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        for (int length : new int[] {512, 128}) {
            Map<String, String> found = bits(
                    Map.of("adjoint.backend", "fma", "adjoint.simd.bits", "" + length, "adjoint.simd.minWork", "0"));
            assertThat(found.remove("backend")).startsWith("fma: vectors of " + length + " bits");
            expected = expected.isEmpty() ? found : expected;
            assertThat(found).isEqualTo(expected);
        }
        assertThat(expected.get("large product FLOAT32")).isNotEqualTo(DEFAULT.get("large product FLOAT32"));
        assertThat(expected.get("large softmax FLOAT32")).isEqualTo(DEFAULT.get("large softmax FLOAT32"));
    }

    private static Map<String, String> bits(Map<String, String> properties) throws Exception {
        Map<String, String> before = new TreeMap<>();
        properties.forEach((name, value) -> before.put(name, "" + System.setProperty(name, value)));
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = OwnClasses.loader()) {
            Thread.currentThread().setContextClassLoader(loader);
            Object bits = loader.loadClass(BitsOfEverything.class.getName())
                    .getConstructor()
                    .newInstance();
            Map<String, String> found = new TreeMap<>();
            ((Map<?, ?>) ((Supplier<?>) bits).get()).forEach((name, digest) -> found.put("" + name, "" + digest));
            return found;
        } finally {
            Thread.currentThread().setContextClassLoader(context);
            before.forEach((name, value) -> {
                if (value.equals("null")) {
                    System.clearProperty(name);
                } else {
                    System.setProperty(name, value);
                }
            });
        }
    }
}
