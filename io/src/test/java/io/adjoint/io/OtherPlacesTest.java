package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.data.Csv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files in other file systems, and paths that aren't files. */
class OtherPlacesTest {
    private static final Map<String, NdArray> ARRAYS = Map.of("x", NdArray.arange(DType.FLOAT32, 5));

    private static final List<Function<Path, Object>> READERS =
            List.of(Safetensors::load, Npy::load, Npz::load, Csv::read, path -> Checkpoints.read(path, "model"));

    @TempDir
    Path folder;

    @Test
    void filesInAnArchiveAreReadAndWritten() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("all.zip"), Map.of("create", "true"))) {
            Path root = zip.getPath("/");
            Npz.save(root.resolve("a.npz"), ARRAYS);
            assertThat(Npz.load(root.resolve("a.npz"))).isEqualTo(ARRAYS);
            Safetensors.save(root.resolve("a.safetensors"), ARRAYS);
            assertThat(Safetensors.load(root.resolve("a.safetensors"))).isEqualTo(ARRAYS);
            Path index = root.resolve("a.safetensors.index.json");
            Safetensors.save(index, ARRAYS, new SafetensorsOptions().maxFileSize(8));
            assertThat(Safetensors.load(index)).isEqualTo(ARRAYS);
            Npy.save(root.resolve("a.npy"), NdArray.arange(DType.FLOAT32, 5));
            assertThat(Npy.load(root.resolve("a.npy"))).isEqualTo(ARRAYS.get("x"));
            KeptNumbers.save(root.resolve("run"), 2);
            assertThat(new KeptNumbers(0).in(root.resolve("run")).resume()).isEqualTo(2);
            Files.write(root.resolve("model.pt"), new byte[] {(byte) 0x80, 2, 'x', 0, 0, 0, 0, 9, 9});
            assertThatThrownBy(() -> Safetensors.load(root.resolve("model.pt"))).hasMessageContaining("a pickle file");
            Files.writeString(root.resolve("x.csv"), "a,b\n1,2\n");
            assertThat(Csv.read(root.resolve("x.csv")).columns()).containsExactly("a", "b");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    @Timeout(20)
    void pipesAndDevicesAreRefused() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
        Path index = Files.createSymbolicLink(folder.resolve("model.index.json"), pipe);
        for (Path path : List.of(pipe, link, index, Path.of("/dev/zero"))) {
            for (Function<Path, Object> reader : READERS) {
                assertThatThrownBy(() -> reader.apply(path))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining(path + ": ")
                        .hasMessageContaining("it is no regular file, but a pipe, a socket or a device");
            }
        }
    }

    @Test
    void linksToFilesAreFollowedAndFoldersRefused() throws IOException {
        Path file = folder.resolve("a.npy");
        Npy.save(file, NdArray.arange(DType.FLOAT32, 5));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(Npy.load(link)).isEqualTo(Npy.load(file));
        for (Function<Path, Object> reader : READERS) {
            assertThatThrownBy(() -> reader.apply(folder))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot read " + folder);
        }
    }

    // ---- messages ----

    @Test
    void namesInMessagesAreShortAndPrintable() {
        Path file = folder.resolve("x.safetensors");
        String red = "\u001b[31m";
        Map<String, NdArray> many = new LinkedHashMap<>();
        for (int k = 0; k < 5000; k++) {
            many.put(red + "layer" + k, NdArray.scalar(DType.INT32, k));
        }
        Safetensors.save(file, many);
        Path npz = folder.resolve("x.npz");
        Npz.save(npz, many);
        for (TensorFile opened : List.of(Safetensors.open(file), Npz.open(npz))) {
            try (opened) {
                assertThatThrownBy(() -> opened.read("layer" + "x".repeat(5_000_000)))
                        .hasMessageContaining("… 5000 in all]")
                        .hasMessageContaining("xxx…' (5000005 characters); there are [\\u001b[31mlayer0, ")
                        .satisfies(e -> assertThat(e.getMessage())
                                .doesNotContain("\u001b")
                                .hasSizeLessThan(700));
            }
        }
        Safetensors.save(file, Map.of("x".repeat(1_000_000), NdArray.scalar(DType.INT32, 0)));
        assertThatThrownBy(() -> Checkpoints.read(file, "model"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(5000));
    }

    @Test
    void namesInMessagesAboutDamagedFilesAreShortAndPrintable() throws IOException {
        String header = "{\"" + "x".repeat(100_000) + "\\u001b\":{\"dtype\":\"F9\"}}";
        byte[] bytes = new byte[8 + header.length()];
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII));
        Path file = Files.write(folder.resolve("x.safetensors"), bytes);
        assertThatThrownBy(() -> Safetensors.load(file))
                .isInstanceOf(MalformedFileException.class)
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("\u001b").hasSizeLessThan(3000));
    }

    // ---- metadata of an index ----

    @Test
    void anIndexIsWrittenAndReadAsHuggingFaceHasIt() throws IOException {
        Path index = folder.resolve("a.safetensors.index.json");
        Safetensors.save(index, ARRAYS, new SafetensorsOptions().maxFileSize(8));
        String text = Files.readString(index);
        assertThat(text).contains("\"total_size\": 20\n");
        Files.writeString(
                index,
                text.replace(
                        "\"total_size\": 20",
                        "\"total_size\": 20, \"a\": null, \"b\": {\"c\": [1, true]}, \"d\": \"e\""));
        try (Safetensors opened = Safetensors.open(index)) {
            assertThat(opened.metadata())
                    .containsEntry("total_size", "20")
                    .containsEntry("a", "null")
                    .containsEntry("b", "{\"c\":[1,true]}")
                    .containsEntry("d", "e");
        }
    }

    @Test
    void metadataThatAreNoJsonAreRefused() throws IOException {
        Path index = Files.writeString(
                folder.resolve("b.safetensors.index.json"),
                "{\"metadata\": {\"total_size\": {64}}, \"weight_map\": {\"a\": \"a.safetensors\"}}");
        assertThatThrownBy(() -> Safetensors.load(index))
                .isInstanceOf(MalformedFileException.class)
                .hasMessageContaining("is not the JSON that it should be");
    }
}
