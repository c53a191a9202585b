package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Tests that files are read as they were written: names, order, shapes, dtypes and bits. */
@Domain(AnyArrays.class)
@Domain(DomainContext.Global.class)
class RoundTripProperties {
    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("round-trips");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void assertSame(Map<String, NdArray> loaded, Map<String, NdArray> arrays) {
        assertThat(List.copyOf(loaded.keySet())).isEqualTo(List.copyOf(arrays.keySet()));
        assertThat(ArrayBits.of(loaded)).isEqualTo(ArrayBits.of(arrays));
    }

    @Property
    void safetensors(@ForAll Map<String, NdArray> arrays, @ForAll Map<String, String> texts) {
        Assume.that(texts.entrySet().stream().allMatch(text -> TensorInfo.isUnicode(text.getKey() + text.getValue())));
        Path file = folder.resolve("x.safetensors");
        Safetensors.save(file, arrays, new SafetensorsOptions().metadata(texts));
        assertSame(Safetensors.load(file), arrays);
        try (Safetensors opened = Safetensors.open(file)) {
            assertThat(opened.metadata()).isEqualTo(texts);
            arrays.forEach(
                    (name, array) -> assertThat(ArrayBits.of(opened.read(name))).isEqualTo(ArrayBits.of(array)));
        }
    }

    @Property
    void safetensorsInSeveralFiles(
            @ForAll Map<String, NdArray> arrays, @ForAll @LongRange(min = 1, max = 500) long size) throws IOException {
        Assume.that(!arrays.isEmpty());
        Path index = folder.resolve("x.safetensors.index.json");
        Files.deleteIfExists(index);
        Safetensors.save(index, arrays, new SafetensorsOptions().maxFileSize(size));
        assertThat(ArrayBits.of(Safetensors.load(index))).isEqualTo(ArrayBits.of(arrays));
    }

    @Property
    void npy(@ForAll NdArray array) {
        Path file = folder.resolve("x.npy");
        Npy.save(file, array);
        assertThat(ArrayBits.of(Npy.load(file))).isEqualTo(ArrayBits.of(array));
    }

    @Property
    void npz(@ForAll Map<String, NdArray> arrays, @ForAll boolean compressed) {
        Map<String, NdArray> named = new LinkedHashMap<>(arrays);
        named.keySet().removeIf(name -> name.indexOf(0) >= 0);
        Path file = folder.resolve("x.npz");
        if (compressed) {
            Npz.saveCompressed(file, named);
        } else {
            Npz.save(file, named);
        }
        assertSame(Npz.load(file), named);
    }
}
