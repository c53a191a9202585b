package io.adjoint.io;

import io.adjoint.core.NdArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes arrays to a safetensors file, or to several files with an index. */
final class SafetensorsWriter {
    private static final String SUFFIX = ".safetensors";

    private final Map<String, NdArray> arrays;
    private final Map<String, TensorInfo> infos = new LinkedHashMap<>();
    private final SafetensorsOptions options;

    SafetensorsWriter(Map<String, NdArray> arrays, SafetensorsOptions options) {
        // The map is copied, since the caller may change it; arrays are immutable.
        this.arrays = new LinkedHashMap<>(arrays);
        this.options = options;
        this.arrays.forEach((name, array) -> {
            if (name.equals(SafetensorsHeader.METADATA) || !TensorInfo.isUnicode(name)) {
                throw new IllegalArgumentException("Safetensors: a tensor cannot have the name '" + name + "'");
            }
            infos.put(name, TensorInfo.of(name, typeOf(array), array));
        });
    }

    private ElementType typeOf(NdArray array) {
        return options.floats != null && array.dtype().isFloating() ? options.floats : ElementType.of(array);
    }

    void write(Path path) {
        boolean sharded = options.maxFileSize < Long.MAX_VALUE;
        if (sharded != ShardIndex.isIndex(path)) {
            throw new IllegalArgumentException("Safetensors: " + path
                    + (sharded
                            ? " is to be the index of several files, so its name ends with .safetensors.index.json"
                            : " is named as an index; for several files set maxFileSize"));
        }
        if (sharded) {
            writeShards(path);
        } else {
            write(path, infos.values());
        }
    }

    private void writeShards(Path path) {
        // An existing index is refused: if the process were killed after writing some of the files, the old index would
        // name a mixture of old and new files.
        if (Files.exists(path)) {
            throw new IllegalArgumentException("Safetensors: " + path
                    + " is there, and several files cannot be replaced at once; delete " + path.getFileName()
                    + " and its files first, or save under another name");
        }
        List<List<TensorInfo>> shards = new ArrayList<>();
        long filled = 0;
        for (TensorInfo info : infos.values()) {
            if (shards.isEmpty() || filled > options.maxFileSize - info.bytes()) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.get(shards.size() - 1).add(info);
            filled += info.bytes();
        }
        String stem = String.valueOf(path.getFileName());
        stem = stem.substring(0, stem.length() - ShardIndex.SUFFIX.length());
        stem = stem.endsWith(SUFFIX) ? stem.substring(0, stem.length() - SUFFIX.length()) : stem;
        Map<String, String> shardOf = new LinkedHashMap<>();
        for (int k = 0; k < shards.size(); k++) {
            String name = String.format(Locale.ROOT, "%s-%05d-of-%05d%s", stem, k + 1, shards.size(), SUFFIX);
            write(path.resolveSibling(name), shards.get(k));
            shards.get(k).forEach(info -> shardOf.put(info.name(), name));
        }
        long total = infos.values().stream().mapToLong(TensorInfo::bytes).sum();
        byte[] index = ShardIndex.json(total, shardOf).getBytes(StandardCharsets.UTF_8);
        ReplacingFile.write(
                Safetensors.FORMAT,
                path,
                channel -> ElementWriter.Sink.of(channel).take(ByteBuffer.wrap(index)));
    }

    private void write(Path path, Collection<TensorInfo> tensors) {
        SafetensorsHeader header = SafetensorsHeader.of(options.metadata, tensors);
        ReplacingFile.write(Safetensors.FORMAT, path, channel -> write(header, ElementWriter.Sink.of(channel)));
    }

    /** Writes one file that ends with a {@link Seal}. */
    void writeSealed(String format, Path path) {
        List<TensorInfo> tensors = new ArrayList<>(infos.values());
        tensors.add(Seal.INFO);
        SafetensorsHeader header = SafetensorsHeader.of(options.metadata, tensors);
        MessageDigest digest = Seal.digest();
        ReplacingFile.write(format, path, channel -> {
            ElementWriter.Sink file = ElementWriter.Sink.of(channel);
            write(header, bytes -> {
                digest.update(bytes.duplicate());
                file.take(bytes);
            });
            file.take(ByteBuffer.wrap(digest.digest()));
        });
    }

    /**
     * Writes the header, and the arrays in the order of their positions in the file. A {@link Seal} that the header describes is not among
     * the arrays: it is computed from the bytes written here, so the caller writes it afterwards.
     */
    private void write(SafetensorsHeader header, ElementWriter.Sink sink) throws IOException {
        sink.take(header.bytes());
        for (SafetensorsHeader.Entry entry : header.inOrder()) {
            NdArray array = arrays.get(entry.info().name());
            if (array != null) {
                ElementWriter.write(array, entry.info().type(), sink);
            }
        }
    }
}
