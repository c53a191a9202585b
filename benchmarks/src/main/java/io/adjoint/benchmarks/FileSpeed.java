package io.adjoint.benchmarks;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.Npz;
import io.adjoint.io.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Times of saves and loads of a gigabyte of FLOAT32 beside a copy of the same file, each forced to the disk where it writes:
 * {@code java -Xmx4g -cp benchmarks.jar io.adjoint.benchmarks.FileSpeed FOLDER}.
 */
public final class FileSpeed {
    private static final int ARRAYS = 16;
    private static final int ROUNDS = 3;

    private FileSpeed() {}

    private interface Action {
        void run() throws IOException;
    }

    /** Measures in a folder, whose files it deletes again. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "speed");
        Path file = folder.resolve("x.safetensors");
        Path copy = folder.resolve("copy");
        Path npz = folder.resolve("x.npz");
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (int k = 0; k < ARRAYS; k++) {
            arrays.put("w" + k, NdArray.full(DType.FLOAT32, Shape.of(4096, 4096), k + 0.5));
        }
        try {
            time("save safetensors", () -> Safetensors.save(file, arrays));
            time("copy the file", () -> copy(file, copy));
            Files.delete(copy);
            time("load safetensors", () -> use(Safetensors.load(file)));
            time("read its bytes", () -> read(file));
            time("save npz", () -> Npz.save(npz, arrays));
            time("load npz", () -> use(Npz.load(npz)));
        } finally {
            for (Path made : new Path[] {file, copy, npz, folder}) {
                Files.deleteIfExists(made);
            }
        }
    }

    private static void time(String what, Action action) throws IOException {
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            action.run();
            seconds[round] = (System.nanoTime() - begin) / 1e9;
        }
        Arrays.sort(seconds);
        System.out.printf(Locale.ROOT, "%-18s %.2f s, fastest %.2f s%n", what, seconds[ROUNDS / 2], seconds[0]);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Reads a file from the page cache, without using the bytes. */
    private static void read(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) {
                // Only the reading is timed.
            }
        }
    }

    private static void use(Map<String, NdArray> arrays) {
        if (arrays.size() != ARRAYS) {
            throw new IllegalStateException("there are " + arrays.size() + " arrays");
        }
    }
}
