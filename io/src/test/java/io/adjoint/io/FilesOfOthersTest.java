package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads files that NumPy, PyTorch and safetensors wrote by the script beside them, and compares their content with what these libraries
 * report.
 */
class FilesOfOthersTest {
    @TempDir
    Path folder;

    private static Path file(String name) {
        return CounterpartFile.resource("files/" + name);
    }

    private static Map<String, NdArray> load(String name) {
        if (name.endsWith(".npy")) {
            return Map.of("", Npy.load(file(name)));
        }
        return name.endsWith(".npz") ? Npz.load(file(name)) : Safetensors.load(file(name));
    }

    @Test
    void areReadBitByBit() throws IOException {
        Map<String, Map<String, NdArray>> files = new HashMap<>();
        List<String> lines = Files.readAllLines(file("expected.txt"));
        assertThat(lines).hasSizeGreaterThan(90).allSatisfy(line -> {
            String[] parts = line.split("\t", 3);
            Map<String, NdArray> arrays = files.computeIfAbsent(parts[0], FilesOfOthersTest::load);
            assertThat(arrays).containsKey(parts[1]);
            assertThat(ArrayBits.of(Objects.requireNonNull(arrays.get(parts[1]))))
                    .isEqualTo(parts[2]);
        });
    }

    @Test
    void descriptionsAreOfTheTypesInTheFile() {
        try (Npz file = Npz.open(file("deflated.npz"))) {
            assertThat(file.tensors().get(">u2 fortran")).hasToString("'>u2 fortran' U16 [2, 3]");
            assertThat(ArrayBits.of(file.read("x.npy"))).isEqualTo("INT32\t\t7");
        }
        try (Safetensors file = Safetensors.open(file("torch.safetensors"))) {
            assertThat(file.tensors().get("bfloat16")).hasToString("'bfloat16' BF16 [3, 4]");
            assertThat(file.tensors()).containsKey("größe '\"\\\n");
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt", "made by", "größe \"\\\n"));
        }
        try (Safetensors file = Safetensors.open(file("model.safetensors.index.json"))) {
            assertThat(file.metadata()).containsEntry("total_size", "52").containsEntry("format", "pt");
        }
    }

    @Test
    void whatIsWrittenHasTheBytesOfNumPy() throws IOException {
        Map<String, NdArray> arrays = load("stored.npz");
        Path written = folder.resolve("x.npy");
        try (ZipFile zip = new ZipFile(file("stored.npz").toFile())) {
            for (String name :
                    List.of("", "x.npy", "a/b", "größe '\"\\", "scalar", "empty", "<f8", "<f4", "<i4", "|b1", "cube")) {
                Npy.save(written, Objects.requireNonNull(arrays.get(name)));
                try (InputStream entry = zip.getInputStream(zip.getEntry(name + ".npy"))) {
                    assertThat(written).hasBinaryContent(entry.readAllBytes());
                }
            }
        }
    }
}
