package io.adjoint.io;

import io.adjoint.core.NdArray;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Writes arrays to a safetensors file, or to several with an index. */
final class SafetensorsWriter {
    private static final String SUFFIX = ".safetensors";

    private final Map<String, NdArray> arrays;
    private final Map<String, TensorInfo> infos = new LinkedHashMap<>();
    private final SaveOptions options;

    SafetensorsWriter(Map<String, NdArray> arrays, SaveOptions options) {
        // The map may be another's to change; arrays are immutable.
        this.arrays = new LinkedHashMap<>(arrays);
        this.options = options;
        this.arrays.forEach((name, array) -> {
            if (name.equals(SafetensorsHeader.METADATA) || !SafetensorsHeader.isUnicode(name)) {
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
        byte[] index = new ShardIndex(Map.of("total_size", String.valueOf(total)), shardOf)
                .json()
                .getBytes(StandardCharsets.UTF_8);
        ReplacingFile.write(
                "Safetensors", path, channel -> ElementWriter.Sink.of(channel).take(ByteBuffer.wrap(index)));
    }

    private void write(Path path, Collection<TensorInfo> tensors) {
        SafetensorsHeader header = SafetensorsHeader.of(options.metadata, tensors);
        ReplacingFile.write("Safetensors", path, channel -> {
            ElementWriter.Sink sink = ElementWriter.Sink.of(channel);
            sink.take(header.bytes());
            for (SafetensorsHeader.Part part : header.inOrder()) {
                NdArray array = Objects.requireNonNull(arrays.get(part.info().name()));
                ElementWriter.write(array, part.info().type(), sink);
            }
        });
    }
}
