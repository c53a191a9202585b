package io.adjoint.io;

import io.adjoint.core.Messages;
import io.adjoint.core.NdArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Files of named arrays in NumPy's format npz, as {@code np.savez} and {@code np.savez_compressed} write and {@code np.load} reads them: an
 * archive of npy files, stored or deflated.
 *
 * <pre>{@code
 * Npz.save(Path.of("data.npz"), Map.of("x", x, "y", y));
 * Map<String, NdArray> data = Npz.load(Path.of("data.npz"));
 *
 * try (Npz file = Npz.open(Path.of("data.npz"))) {
 *     NdArray x = file.read("x");
 * }
 * }</pre>
 *
 * <p>The array {@code x} is the entry {@code x.npy}; entries are only ever read, never extracted. Arrays are read as {@link Npy} reads
 * them, when they are asked for, each by itself. Several threads may read at once.
 */
public final class Npz implements TensorFile {
    static final String FORMAT = "Npz";

    private final Path path;
    private final NpzArchive archive;

    private Npz(Path path, NpzArchive archive) {
        this.path = path;
        this.archive = archive;
    }

    // ---- reading ----

    /**
     * Opens a file and reads the names in it.
     *
     * @throws UncheckedIOException if the file cannot be read
     * @throws io.adjoint.core.MalformedDataException if it is not an npz file
     */
    public static Npz open(Path path) {
        return Reading.open(FORMAT, path, () -> new Npz(path, NpzArchive.open(path)));
    }

    /**
     * All arrays of a file, by name.
     *
     * @throws UncheckedIOException if the file cannot be read, or has an array that takes more memory than is free
     * @throws io.adjoint.core.MalformedDataException if it is not an npz file, or an array is not whole, or has elements that Adjoint
     *     hasn't
     * @throws IllegalArgumentException if one has more elements than an array can have
     */
    public static Map<String, NdArray> load(Path path) {
        try (Npz file = open(path)) {
            return file.readAll();
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(archive.names());
    }

    /**
     * The descriptions of all arrays, by name, in the order of the archive; their headers are read for it.
     *
     * @throws UncheckedIOException if the file cannot be read, or is closed
     * @throws io.adjoint.core.MalformedDataException if a header is none, or of elements that Adjoint hasn't
     */
    @Override
    public Map<String, TensorInfo> tensors() {
        return Reading.read(FORMAT, path, () -> {
            Map<String, TensorInfo> infos = new LinkedHashMap<>();
            for (String name : archive.names()) {
                infos.put(name, archive.info(name));
            }
            return Collections.unmodifiableMap(infos);
        });
    }

    /** Nothing: the format has no place for it. */
    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public NdArray read(String name) {
        if (!archive.names().contains(name)) {
            throw new IllegalArgumentException(path + ": there is no array " + Messages.quoted(name) + "; there are "
                    + Messages.list(archive.names()));
        }
        return Reading.read(FORMAT, path, () -> archive.read(name));
    }

    @Override
    public void close() {
        try {
            archive.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- writing ----

    /**
     * Writes arrays to a file as they are, in place of one that is there. The same arrays in the same order give the same bytes. The file
     * is as it was until the new one is whole.
     *
     * @throws IllegalArgumentException if a name is not Unicode text, has the character 0, or is longer than 65,457 bytes, or an array has
     *     more than 64 axes
     * @throws UncheckedIOException if the file cannot be written; then it is as it was
     */
    public static void save(Path path, Map<String, NdArray> arrays) {
        new NpzWriter(arrays, false).write(path);
    }

    /**
     * As {@link #save}, deflated: weights become hardly smaller, images and indices do.
     *
     * @throws IllegalArgumentException if a name is not Unicode text, has the character 0, or is longer than 65,457 bytes, or an array has
     *     more than 64 axes
     * @throws UncheckedIOException if the file cannot be written; then it is as it was
     */
    public static void saveCompressed(Path path, Map<String, NdArray> arrays) {
        new NpzWriter(arrays, true).write(path);
    }
}
