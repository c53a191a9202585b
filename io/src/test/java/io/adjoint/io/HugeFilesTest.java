package io.adjoint.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.nn.data.Csv;
import io.adjoint.nn.data.CsvOptions;
import io.adjoint.nn.data.Idx;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests files that declare, or have, more data than the heap has room for: the error names the file and the size, and isn't an
 * OutOfMemoryError.
 */
class HugeFilesTest {
    private static final String NO_ROOM =
            " takes more memory than is free of the heap of N MiB; -Xmx sets a larger one";

    @TempDir
    Path folder;

    @Test
    void whatTheHeapHasNoRoomForIsNamedWithItsSize() throws IOException, InterruptedException {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AllReaders.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        // The heap in the messages may be smaller than 32 MiB, since a collector may reserve some of it.
        List<String> said = java.inputReader(UTF_8)
                .lines()
                .filter(line -> line.contains(": "))
                .map(line -> line.replaceFirst("heap of [0-9]+ MiB", "heap of N MiB"))
                .toList();
        assertThat(java.waitFor()).as("%s", said).isZero();
        assertThat(said).hasSize(7);
        assertThat(said.subList(0, 6))
                .containsExactly(
                        unreadable("Safetensors", "header", "its content of 100000008 bytes"),
                        unreadable("Safetensors", "array", "'w' F32 [25000000] of 100000000 bytes"),
                        unreadable("Npy", "npy", "'npy' F64 [1000000000] of 8000000000 bytes"),
                        unreadable("Npz", "npz", "'w' F64 [10000000] of 80000000 bytes"),
                        unreadable("Npz", "directory", "its content of 200000000 bytes"),
                        unreadable("Idx", "idx", "UNSIGNED_BYTE [100000000] of 100000000 bytes"));
        assertThat(said.get(6))
                .matches(
                        ".*UncheckedIOException: Csv: cannot read .*csv: a table of [1-9][0-9]{4,} records and more .*");
    }

    private String unreadable(String format, String name, String content) {
        return "java.io.UncheckedIOException: " + format + ": cannot read " + folder.resolve(name) + ": " + content
                + NO_ROOM;
    }

    /** A program that tries to read each file. */
    static final class AllReaders {
        private AllReaders() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            Map<Path, Function<Path, Object>> readers = new LinkedHashMap<>();
            readers.put(sparse(folder.resolve("header"), 99_999_999, safetensors(100_000_000, "{")), Safetensors::load);
            String array = "{\"w\":{\"dtype\":\"F32\",\"shape\":[25000000],\"data_offsets\":[0,100000000]}}";
            readers.put(
                    sparse(folder.resolve("array"), 100_000_000, safetensors(array.length(), array)),
                    Safetensors::load);
            readers.put(sparse(folder.resolve("npy"), 8_000_000_000L, npy(1_000_000_000)), Npy::load);
            readers.put(npz(folder.resolve("npz")), Npz::load);
            readers.put(directory(folder.resolve("directory")), Npz::load);
            byte[] idx =
                    ByteBuffer.allocate(8).putInt(0x0801).putInt(100_000_000).array();
            readers.put(sparse(folder.resolve("idx"), 100_000_000, idx), Idx::read);
            readers.put(csv(folder.resolve("csv")), file -> Csv.read(file, new CsvOptions().header(false)));
            readers.forEach((file, reader) -> {
                try {
                    System.out.println(
                            file + ": was read as " + reader.apply(file).getClass());
                } catch (RuntimeException | OutOfMemoryError e) {
                    System.out.println(e);
                }
            });
        }

        /** A file of some bytes, followed by zeros that take no room on the disk. */
        @CanIgnoreReturnValue
        private static Path sparse(Path file, long zeros, byte... bytes) throws IOException {
            try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
                opened.write(bytes);
                opened.setLength(bytes.length + zeros);
            }
            return file;
        }

        private static byte[] safetensors(long length, String header) {
            return ByteBuffer.allocate(8 + header.length())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .put(header.getBytes(US_ASCII))
                    .array();
        }

        private static byte[] npy(int size) {
            String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + size + ",), }";
            return ByteBuffer.allocate(10 + header.length())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                    .putShort((short) header.length())
                    .put(header.getBytes(US_ASCII))
                    .array();
        }

        /** Eighty megabytes of zeros, deflated. */
        private static Path npz(Path file) throws IOException {
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.setLevel(Deflater.BEST_SPEED);
                zip.putNextEntry(new ZipEntry("w.npy"));
                zip.write(npy(10_000_000));
                for (int k = 0; k < 80; k++) {
                    zip.write(new byte[1_000_000]);
                }
                zip.closeEntry();
            }
            return file;
        }

        /** An archive whose end declares a directory of almost the size of the file. */
        private static Path directory(Path file) throws IOException {
            sparse(file, 199_999_996, "PK\3\4".getBytes(US_ASCII));
            ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
            end.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
            end.putInt(199_999_000).putInt(1000 - 22);
            try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
                opened.seek(opened.length() - end.capacity());
                opened.write(end.array());
            }
            return file;
        }

        private static Path csv(Path file) throws IOException {
            byte[] lines = new byte[1 << 16];
            Arrays.fill(lines, (byte) '\n');
            for (int k = 0; k < lines.length; k += 2) {
                lines[k] = '1';
            }
            try (OutputStream out = Files.newOutputStream(file)) {
                for (int k = 0; k < 40; k++) {
                    out.write(lines);
                }
            }
            return file;
        }
    }
}
