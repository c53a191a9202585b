package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.onnx.Onnx;
import io.adjoint.nn.layer.ReLU;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a failed write leaves the existing file as it was, and no other file. */
class FailingWritesTest {
    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void writeOldFile() throws IOException {
        file = Files.writeString(folder.resolve("x.npy"), "old");
    }

    @AfterEach
    void theOldFileIsThereAlone() throws IOException {
        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(file);
        }
    }

    @Test
    void theContentFails() {
        assertThatThrownBy(() -> ReplacingFile.write("Test", file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[1000]));
                    throw new IOException("no more");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Test: cannot write " + file + ", which is as it was")
                .hasMessageContaining("no more");
        assertThatThrownBy(() -> ReplacingFile.write("Test", file, channel -> {
                    channel.write(ByteBuffer.wrap(new byte[1000]));
                    throw new OutOfMemoryError("none left");
                }))
                .isInstanceOf(OutOfMemoryError.class);
    }

    /** One sample of the input takes two gigabytes. */
    @Test
    void anExportRunsOutOfMemory() {
        assertThatThrownBy(() -> Onnx.export(file, new ReLU(), Shape.of(1, 1 << 29)))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void theTargetIsAFolder() throws IOException {
        Path other = Files.createDirectory(folder.resolve("folder"));
        assertThatThrownBy(() -> Npy.save(other, NdArray.scalar(DType.BOOL, 1)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(other + " is a folder");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theTargetIsALinkWhichStays() throws IOException {
        Path other = Files.createDirectory(folder.resolve("folder")).resolve("y.npy");
        Files.writeString(other, "old");
        Path link = Files.createSymbolicLink(folder.resolve("folder").resolve("link"), other);
        Npy.save(link, NdArray.scalar(DType.BOOL, 1));
        assertThat(link).isSymbolicLink();
        assertThat(Npy.load(other)).isEqualTo(NdArray.scalar(DType.BOOL, 1));
    }

    @Test
    void theFolderIsNotThere() {
        Path other = folder.resolve("none").resolve("x.npz");
        assertThatThrownBy(() -> Npz.save(other, Map.of()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("there is no folder " + folder.resolve("none"));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theFolderMayNotBeWrittenTo() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeThat(Files.isWritable(folder)).as("root may").isFalse();
            assertThatThrownBy(() -> Npy.save(file, NdArray.scalar(DType.BOOL, 1)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("AccessDenied");
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** A limit on the size of files stands for a full disk: a write by the operating system fails midway. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theDiskIsFull() throws IOException, InterruptedException {
        Process java = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -f 100; exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Saving.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(said).isEqualTo(1);
        assertThat(said).contains("cannot write " + file).contains("File too large");
    }

    /** A program that saves four megabytes. */
    static final class Saving {
        private Saving() {}

        public static void main(String[] args) {
            Npy.save(Path.of(args[0]), NdArray.zeros(DType.FLOAT32, Shape.of(1 << 20)));
        }
    }
}
