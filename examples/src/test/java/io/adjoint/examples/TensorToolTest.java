package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.Npz;
import io.adjoint.io.Safetensors;
import io.adjoint.io.SafetensorsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorToolTest {
    @TempDir
    Path folder;

    private final Map<String, NdArray> arrays = new LinkedHashMap<>();
    private final AtomicInteger status = new AtomicInteger();
    private Path a = Path.of("");
    private Path b = Path.of("");

    @BeforeEach
    void makeFile() {
        arrays.put("weight", NdArray.of(Shape.of(2, 2), 3, 4, Double.NaN, 0).to(DType.FLOAT32));
        arrays.put("\u001b[31mbias", NdArray.of(Shape.of(2), 3, -4));
        a = folder.resolve("a.safetensors");
        b = folder.resolve("b.npz");
        Safetensors.save(a, arrays, new SafetensorsOptions().metadata(Map.of("format", "pt")));
    }

    private String run(Object... args) {
        String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        return Printed.by(() -> status.set(TensorTool.run(texts)));
    }

    @Test
    void aListHasALineForEachTensor() {
        assertThat(run("list", a).lines())
                .containsExactly(
                        "weight  F32  [2, 2]  16 bytes  norm NaN  NaN 1",
                        "\\u001b[31mbias  F64  [2]  16 bytes  norm 5.00000  NaN 0",
                        "2 tensors, 32 bytes",
                        "format: pt");
        assertThat(status).hasValue(0);
    }

    @Test
    void aConvertedFileDoesNotDiffer() {
        assertThat(run("convert", a, b).lines())
                .containsExactly(
                        "2 tensors written to " + b,
                        "without the metadata, for which the format has no place: [format]");
        assertThat(run("diff", a, b)).isEqualTo("0 of 2 tensors differ" + System.lineSeparator());
        assertThat(status).hasValue(0);
        assertThat(run("convert", b, folder.resolve("c.safetensors"))).contains("2 tensors");
        assertThat(Safetensors.load(folder.resolve("c.safetensors"))).isEqualTo(arrays);
    }

    @Test
    void aConvertedFileHasTheMetadata() {
        Path c = folder.resolve("c.safetensors");
        assertThat(run("convert", a, c)).isEqualTo("2 tensors written to " + c + System.lineSeparator());
        try (Safetensors file = Safetensors.open(c)) {
            assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
        }
    }

    @Test
    void differencesAreNamed() {
        Npz.save(
                b,
                Map.of(
                        "weight", NdArray.of(Shape.of(4), 3, 4, 5, 6),
                        "\u001b[31mbias", NdArray.of(Shape.of(2), 3, -4.5),
                        "new", NdArray.scalar(DType.BOOL, 1)));
        assertThat(run("diff", a, b).lines())
                .containsExactly(
                        "weight: the shapes are [2, 2] and [4]",
                        "\\u001b[31mbias: largest difference 0.500, of the largest element 0.125",
                        "new: only in " + b,
                        "3 of 3 tensors differ");
        assertThat(status).hasValue(1);
    }

    @Test
    void whatCannotBeDoneEndsWithStatus2() throws Exception {
        assertThat(run("list", folder.resolve("none.npz"))).isEmpty();
        assertThat(status).hasValue(2);
        assertThat(run("list", Files.writeString(b, "text"))).isEmpty();
        assertThat(status).hasValue(2);
        assertThat(run("convert", a, folder.resolve("c.txt"))).isEmpty();
        assertThat(status).hasValue(2);
    }
}
