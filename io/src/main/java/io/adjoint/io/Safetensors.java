package io.adjoint.io;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.Messages;
import io.adjoint.core.NdArray;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads and writes files of the format safetensors, which have named arrays and no code. Reads one file, or several with an index, as large
 * models have.
 *
 * <pre>{@code
 * Safetensors.save(Path.of("model.safetensors"), model.state());
 * model.load(Safetensors.load(Path.of("model.safetensors")));
 *
 * try (Safetensors file = Safetensors.open(Path.of("model.safetensors.index.json"))) {
 *     NdArray weight = file.read("decoder.weight");
 * }
 * }</pre>
 *
 * <p>{@link #open} reads headers, and checks that a file is whole: tensors lie one after the other, without a hole or an overlap, up to its
 * end. Elements are read by {@link #read}, each array by itself, from files of any size. Several threads may read at once; an interrupt
 * while one reads closes the file for all.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format</a>
 */
public final class Safetensors implements TensorFile {
    static final String FORMAT = "Safetensors";

    /** The file and the position of a tensor. */
    private record Place(SafetensorsFile file, SafetensorsHeader.Entry entry) {}

    private final Path path;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Place> places = new LinkedHashMap<>();

    private Safetensors(Path path) {
        this.path = path;
    }

    // ---- reading ----

    /**
     * Opens a file, or the files of an index, whose name ends with {@code .index.json}; they lie in its folder.
     *
     * @throws UncheckedIOException if a file cannot be read
     * @throws io.adjoint.core.MalformedDataException if one is not a safetensors file, or cut, or the index names a missing array or
     *     file
     */
    public static Safetensors open(Path path) {
        Safetensors opened = new Safetensors(path);
        try {
            if (ShardIndex.isIndex(path)) {
                opened.addShards(ShardIndex.read(path));
            } else {
                opened.add(path);
            }
            return opened;
        } catch (Throwable e) {
            opened.close();
            throw e;
        }
    }

    /**
     * All arrays of a file, or of the files of an index, by name.
     *
     * @throws UncheckedIOException if a file cannot be read, or has an array that takes more memory than is free
     * @throws io.adjoint.core.MalformedDataException if one is not a safetensors file, or cut, or has an element that INT32 or BOOL does
     *     not hold
     * @throws IllegalArgumentException if an array has more elements than one can have
     */
    public static Map<String, NdArray> load(Path path) {
        try (Safetensors file = open(path)) {
            return file.readAll();
        }
    }

    @CanIgnoreReturnValue
    private SafetensorsFile add(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        files.add(file);
        file.header.metadata().forEach(metadata::putIfAbsent);
        file.header.entries().forEach((name, entry) -> {
            if (places.put(name, new Place(file, entry)) != null) {
                throw new MalformedFileException(path, "'" + name + "' is in another file of the index, too");
            }
        });
        return file;
    }

    private void addShards(ShardIndex index) {
        index.metadata().forEach(metadata::putIfAbsent);
        Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
        for (String name : index.files()) {
            shards.put(name, add(path.resolveSibling(name)));
        }
        index.shardOf().forEach((name, shard) -> {
            Place place = places.get(name);
            if (place == null || place.file() != shards.get(shard)) {
                throw new MalformedFileException(path, "'" + name + "' is to be in " + shard + ", and is not");
            }
        });
        for (String name : places.keySet()) {
            if (!index.shardOf().containsKey(name)) {
                throw new MalformedFileException(
                        path, "'" + name + "' is in a file of the index, but not in the index");
            }
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(places.keySet());
    }

    @Override
    public Map<String, TensorInfo> tensors() {
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        places.forEach((name, place) -> infos.put(name, place.entry().info()));
        return Collections.unmodifiableMap(infos);
    }

    /** The strings that were stored beside the tensors, by name; of several files, the strings of the index come first. */
    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public NdArray read(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException(path + ": there is no tensor " + Messages.quoted(name) + "; there are "
                    + Messages.list(places.keySet()));
        }
        return place.file().read(place.entry());
    }

    /**
     * Checks by the {@link Seal} at the end of each file that no byte has changed.
     *
     * @throws io.adjoint.core.MalformedDataException if a file has changed
     */
    void verifySeal() {
        files.forEach(SafetensorsFile::verifySeal);
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }

    // ---- writing ----

    /**
     * Writes arrays to a file, in place of one that is there: FLOAT64, FLOAT32, INT32 and BOOL as F64, F32, I32 and BOOL, bit by bit. The
     * same arrays in the same order give the same bytes. The file is as it was until the new one is whole.
     *
     * @throws IllegalArgumentException if a name is {@code __metadata__} or no Unicode text, or an array has more than 64 axes, or the
     *     names and metadata need a header of more than 100 MB
     * @throws UncheckedIOException if the file cannot be written; then it is as it was
     */
    public static void save(Path path, Map<String, NdArray> arrays) {
        save(path, arrays, new SafetensorsOptions());
    }

    /**
     * Writes arrays to a file, or with {@link SafetensorsOptions#maxFileSize} to several with an index, which is written last. Several
     * files cannot be replaced at once, so an index that is there is refused; files without one, which an unfinished save left, are
     * overwritten.
     *
     * @throws IllegalArgumentException as {@link #save(Path, Map)}, or if the path does not fit the options, or is an index that is there
     * @throws UncheckedIOException if a file cannot be written; then it is as it was
     */
    public static void save(Path path, Map<String, NdArray> arrays, SafetensorsOptions options) {
        new SafetensorsWriter(arrays, options).write(path);
    }
}
