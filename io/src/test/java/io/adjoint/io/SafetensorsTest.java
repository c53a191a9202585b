package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        Safetensors.save(file, arrays, new SaveOptions().metadata(Map.of("format", "pt")));
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
            arrays.put("w" + k, NdArray.full(io.adjoint.core.DType.FLOAT32, Shape.of(10), k));
        }
        Path index = folder.resolve("model.safetensors.index.json");
        Safetensors.save(index, arrays, new SaveOptions().maxFileSize(100));
        assertThat(folder.resolve("model-00003-of-00003.safetensors")).exists();
        assertThat(Safetensors.load(index)).containsExactlyEntriesOf(arrays);
    }
}
