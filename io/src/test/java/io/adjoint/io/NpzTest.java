package io.adjoint.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
    @TempDir
    Path folder;

    private final Map<String, NdArray> arrays = new LinkedHashMap<>();
    private Path file = Path.of("");

    @BeforeEach
    void makeArrays() {
        arrays.put("ones", NdArray.full(DType.FLOAT32, Shape.of(100, 100), 1));
        arrays.put("steps", NdArray.arange(DType.INT32, 5));
        file = folder.resolve("x.npz");
    }

    @Test
    void theSameArraysGiveTheSameBytesWhereverAndWhenever() throws IOException {
        TimeZone zone = TimeZone.getDefault();
        try {
            Npz.save(file, arrays);
            Npz.saveCompressed(folder.resolve("y.npz"), arrays);
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
            Npz.save(folder.resolve("x2.npz"), arrays);
            Npz.saveCompressed(folder.resolve("y2.npz"), arrays);
        } finally {
            TimeZone.setDefault(zone);
        }
        assertThat(folder.resolve("x2.npz")).hasSameBinaryContentAs(file);
        assertThat(folder.resolve("y2.npz")).hasSameBinaryContentAs(folder.resolve("y.npz"));
        assertThat(Files.size(folder.resolve("y.npz"))).isLessThan(1000);
    }

    @Test
    void arraysAreReadOneByOne() {
        Npz.saveCompressed(file, arrays);
        Npz opened = Npz.open(file);
        try (opened) {
            assertThat(opened.tensors().values()).hasToString("['ones' F32 [100, 100], 'steps' I32 [5]]");
            assertThat(ArrayBits.of(opened.read("steps"))).isEqualTo("INT32\t5\t0 1 2 3 4");
            assertThatThrownBy(() -> opened.read("step"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is no array 'step'; there are [ones, steps]");
        }
        assertThatThrownBy(() -> opened.read("steps"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("it is closed");
    }

    @Test
    void anArrayThatAdjointHasNotLeavesTheOthersReadable() throws IOException {
        Npz.save(file, arrays);
        String texts = Files.readString(file, ISO_8859_1).replace("'<i4'", "'<U1'");
        Files.writeString(file, texts, ISO_8859_1);
        try (Npz opened = Npz.open(file)) {
            assertThat(opened.read("ones")).isEqualTo(arrays.get("ones"));
            assertThatThrownBy(() -> opened.read("steps"))
                    .hasMessageContaining("'steps': its elements are of type '<U1'");
            assertThatThrownBy(opened::tensors)
                    .hasMessageContaining("'steps': its elements are of type '<U1', strings");
        }
        assertThatThrownBy(() -> Npz.load(file)).hasMessageContaining("'steps': its elements are of type '<U1'");
    }

    /** An archive counts its entries in two bytes, unless it uses the format ZIP64. */
    @Test
    void moreEntriesThanAnArchiveOfOldCounts() {
        NdArray zero = NdArray.scalar(DType.BOOL, 0);
        Map<String, NdArray> many = new LinkedHashMap<>();
        for (int k = 0; k < 1 << 16; k++) {
            many.put("a" + k, zero);
        }
        Npz.save(file, many);
        try (Npz opened = Npz.open(file)) {
            assertThat(ArrayBits.of(opened.read("a65535"))).isEqualTo("BOOL\t\t0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\ud800"})
    void namesThatAreNotReadAsTheyWereWrittenAreRefused(String name) {
        assertThatThrownBy(() -> Npz.save(file, Map.of(name, NdArray.scalar(DType.BOOL, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot have the name");
        assertThat(file).doesNotExist();
    }

    @Test
    void aNameHasAtMostTheBytesThatEveryJavaReads() {
        NdArray zero = NdArray.scalar(DType.BOOL, 0);
        String longest = "ä".repeat(32_728) + "x";
        Npz.save(file, Map.of(longest, zero));
        assertThat(Npz.load(file)).containsOnlyKeys(longest);
        assertThatThrownBy(() -> Npz.save(file, Map.of(longest + "x", zero)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot have the name");
    }

    @Test
    void anArchiveMayBeEmpty() {
        Npz.save(file, Map.of());
        assertThat(Npz.load(file)).isEmpty();
    }

    private static final List<Function<Path, Object>> LOADERS = List.of(Npz::load, Npy::load, Safetensors::load);

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(LOADERS)
                .allSatisfy(loader -> assertThatThrownBy(() -> loader.apply(file))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("there is no file " + file));
    }

    @Test
    void aFolderIsNoFile() {
        assertThat(LOADERS)
                .allSatisfy(loader -> assertThatThrownBy(() -> loader.apply(folder))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("cannot read " + folder + ": it is a folder"));
    }
}
