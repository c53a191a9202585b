package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatWasSavedIsLoadedInItsOrder() {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("mask", NdArray.of(Shape.of(3), new boolean[] {true, false, true}));
        arrays.put("b", NdArray.of(Shape.of(2, 2), 1, -0.0, Double.NaN, 4));
        arrays.put("a", NdArray.of(Shape.of(0, 2), new float[0]));
        arrays.put("ä", NdArray.of(Shape.scalar(), new int[] {-7}));
        Path file = folder.resolve("x.safetensors");
        Safetensors.save(file, arrays, new SafetensorsOptions().metadata(Map.of("format", "pt")));
        Map<String, NdArray> loaded = Safetensors.load(file);
        assertThat(loaded).containsExactlyEntriesOf(arrays);
        try (Safetensors opened = Safetensors.open(file)) {
            assertThat(opened.metadata()).isEqualTo(Map.of("format", "pt"));
        }
    }

    @Test
    void aModelInSeveralFilesIsOneByItsIndex() {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (int k = 0; k < 5; k++) {
            arrays.put("w" + k, NdArray.full(DType.FLOAT32, Shape.of(10), k));
        }
        Path index = folder.resolve("model.safetensors.index.json");
        Safetensors.save(index, arrays, new SafetensorsOptions().maxFileSize(100));
        assertThat(folder.resolve("model-00003-of-00003.safetensors")).exists();
        assertThat(Safetensors.load(index)).containsExactlyEntriesOf(arrays);
    }

    @ParameterizedTest
    @CsvSource({"F16, Infinity", "BF16, 65536"})
    void floatsAreRoundedToHalfOfTheirBytesAndOtherArraysKept(ElementType type, double rounded) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put(
                "x", NdArray.of(Shape.of(2, 2), 65536, -0.0, 1.5, 1 + 0x1p-20).transpose());
        arrays.put("y", NdArray.arange(DType.FLOAT32, 3));
        arrays.put("n", NdArray.arange(DType.INT32, 3));
        Path file = folder.resolve("x.safetensors");
        Safetensors.save(file, arrays, new SafetensorsOptions().floats(type));
        try (Safetensors opened = Safetensors.open(file)) {
            assertThat(opened.tensors().values())
                    .hasToString("['x' " + type + " [2, 2], 'y' " + type + " [3], 'n' I32 [3]]");
            assertThat(opened.read("x"))
                    .isEqualTo(NdArray.of(Shape.of(2, 2), rounded, 1.5, -0.0, 1).to(DType.FLOAT32));
            assertThat(opened.read("y")).isEqualTo(arrays.get("y"));
            assertThat(opened.read("n")).isEqualTo(arrays.get("n"));
        }
    }

    /** The array is longer than the parts in which it is written and read, and no two of its parts are equal. */
    @ParameterizedTest
    @EnumSource
    void aLongArrayComesBack(DType dtype) {
        Path file = folder.resolve("x.safetensors");
        NdArray array = NdArray.arange(DType.FLOAT64, 600_002)
                .map(k -> Math.rint(2 * Math.sin(k)))
                .to(dtype)
                .reshape(2, -1);
        Safetensors.save(file, Map.of("x", array));
        assertThat(Safetensors.load(file)).isEqualTo(Map.of("x", array));
    }

    @Test
    void optionsThatCannotBeAreRefused() {
        SafetensorsOptions options = new SafetensorsOptions();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.floats(ElementType.F64))
                .withMessageContaining("got F64; for FLOAT32 or FLOAT64 convert the arrays");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.maxFileSize(0))
                .withMessageContaining("must be positive, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.metadata(Map.of("a", "\ud800")))
                .withMessageContaining("half of a surrogate pair");
        Map<String, NdArray> none = Map.of();
        Path file = folder.resolve("x.safetensors");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.save(file, none, options.maxFileSize(1)))
                .withMessageContaining("its name ends with .safetensors.index.json");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.save(folder.resolve("x.index.json"), none))
                .withMessageContaining("for several files set maxFileSize");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.save(file, Map.of("__metadata__", NdArray.scalar(DType.BOOL, 0))))
                .withMessageContaining("cannot have the name '__metadata__'");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void arraysAreReadOneByOne() {
        Path file = folder.resolve("x.safetensors");
        NdArray steps = NdArray.arange(DType.INT32, 5);
        Safetensors.save(file, Map.of("steps", steps));
        Safetensors opened = Safetensors.open(file);
        try (opened) {
            assertThat(opened.read("steps")).isEqualTo(steps);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> opened.read("step"))
                    .withMessageContaining("there is no tensor 'step'; there are [steps]");
        }
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> opened.read("steps"))
                .withMessageContaining("cannot read " + file);
    }

    /** If a replacement were killed midway, the old index would name both new and old files. */
    @Test
    void aModelInSeveralFilesIsNotReplaced() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("a", NdArray.full(DType.FLOAT32, Shape.of(10), 1));
        arrays.put("b", NdArray.full(DType.FLOAT32, Shape.of(10), 2));
        SafetensorsOptions options = new SafetensorsOptions().maxFileSize(40);
        Safetensors.save(index, arrays, options);
        Map<String, NdArray> others = new LinkedHashMap<>(arrays);
        others.replaceAll((name, array) -> array.map(value -> -value));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.save(index, others, options))
                .withMessage("Safetensors: " + index + " is there, and several files cannot be replaced at once; delete"
                        + " model.safetensors.index.json and its files first, or save under another name");
        assertThat(Safetensors.load(index)).isEqualTo(arrays);
        Files.delete(index);
        Safetensors.save(index, others, options);
        assertThat(Safetensors.load(index)).isEqualTo(others);
    }

    @Test
    void metadataGiveTheSameBytesInAnyOrder() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("b", "1");
        texts.put("a", "2");
        Path file = folder.resolve("x.safetensors");
        Safetensors.save(file, Map.of(), new SafetensorsOptions().metadata(texts));
        assertThat(Files.readString(file)).contains("{\"a\":\"2\",\"b\":\"1\"}");
    }
}
