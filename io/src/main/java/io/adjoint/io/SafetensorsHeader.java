package io.adjoint.io;

import static io.adjoint.io.Problem.require;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: a JSON object with the description of each tensor, and an entry {@code __metadata__}, an object of
 * strings.
 *
 * @param metadata the strings of the entry {@code __metadata__}, by name
 * @param entries the tensors and their positions, by name, in the order of the header
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
    /** The name of the entry with the metadata, the only entry that is not a tensor. */
    static final String METADATA = "__metadata__";

    /** The largest length of a header that the format allows, in bytes. */
    static final int LONGEST = 100_000_000;

    /** A tensor and the offset of its first byte from the end of the header. */
    record Entry(TensorInfo info, long begin) {
        long end() {
            return begin + info.bytes();
        }
    }

    // ---- writing ----

    /**
     * Makes the header of a file. The header's entries are in the order of the given tensors. In the file, tensors with larger elements
     * come first, so that each element is aligned to its size.
     */
    static SafetensorsHeader of(Map<String, String> metadata, Collection<TensorInfo> tensors) {
        List<TensorInfo> placed = new ArrayList<>(tensors);
        placed.sort(Comparator.comparing(info -> -info.type().bytes()));
        Map<String, Long> begins = new LinkedHashMap<>();
        long begin = 0;
        for (TensorInfo info : placed) {
            begins.put(info.name(), begin);
            begin += info.bytes();
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        tensors.forEach(info -> entries.put(info.name(), new Entry(info, begins.getOrDefault(info.name(), 0L))));
        return new SafetensorsHeader(metadata, entries);
    }

    /** The tensors in the order of their bytes in the file. */
    List<Entry> inOrder() {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return sorted;
    }

    /** The first bytes of the file: the length of the header, and the header, padded with spaces to a multiple of 8 bytes. */
    ByteBuffer bytes() {
        byte[] text = json().getBytes(StandardCharsets.UTF_8);
        int length = Math.addExact(text.length, 7) & ~7;
        if (length > LONGEST) {
            throw new IllegalArgumentException(
                    "Safetensors: the header of these names has " + length + " bytes, and may have " + LONGEST);
        }
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(text);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }

    private String json() {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            if (!metadata.isEmpty()) {
                StrictJson.write(json.name(METADATA), metadata);
            }
            for (Entry entry : entries.values()) {
                json.name(entry.info().name()).beginObject();
                json.name("dtype").value(entry.info().type().name());
                json.name("shape").beginArray();
                for (long dim : entry.info().dims()) {
                    json.value(dim);
                }
                json.endArray().name("data_offsets").beginArray();
                json.value(entry.begin()).value(entry.end()).endArray().endObject();
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    // ---- reading ----

    /** Reads a header. */
    static SafetensorsHeader parse(JsonReader json) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> entries = new LinkedHashMap<>();
        boolean described = false;
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            if (name.equals(METADATA)) {
                require(!described, METADATA + " is there twice");
                described = true;
                metadata.putAll(strings(json));
            } else {
                require(entries.put(name, entry(json, name)) == null, "'" + name + "' is there twice");
            }
        }
        json.endObject();
        return new SafetensorsHeader(metadata, entries);
    }

    /**
     * Checks that the tensors fill the rest of the file, without a gap, an overlap or further bytes at the end.
     *
     * @param rest the number of bytes after the header
     */
    void requireFilled(long rest) throws Problem {
        long end = 0;
        for (Entry entry : inOrder()) {
            String name = "'" + entry.info().name() + "'";
            require(entry.begin() >= end, name + " begins at " + entry.begin() + ", within the tensor before it");
            require(entry.begin() <= end, "there is a hole before " + name + ", from " + end + " to " + entry.begin());
            end = entry.end();
        }
        require(end <= rest, "its tensors have " + end + " bytes, but only " + rest + " follow; the file is cut");
        require(end >= rest, "its tensors have " + end + " bytes, but " + rest + " follow");
    }

    private static Map<String, String> strings(JsonReader json) throws IOException {
        return StrictJson.object(METADATA, json, key -> {
            require(json.peek() == JsonToken.STRING, METADATA + " '" + key + "' is no string");
            return json.nextString();
        });
    }

    private static Entry entry(JsonReader json, String name) throws IOException {
        Map<String, Object> fields = StrictJson.object("'" + name + "'", json, field -> switch (field) {
            case "dtype" -> {
                require(json.peek() == JsonToken.STRING, "'" + name + "': its dtype is no string");
                yield json.nextString();
            }
            case "shape", "data_offsets" -> numbers(json, name, field);
            default -> throw new Problem("'" + name + "' has a field '" + field + "'");
        });
        require(fields.size() == 3, "'" + name + "' has not all of dtype, shape and data_offsets");
        long[] offsets = (long[]) fields.getOrDefault("data_offsets", new long[0]);
        require(offsets.length == 2 && offsets[0] <= offsets[1], "'" + name + "': data_offsets are no begin and end");
        TensorInfo info = info(
                name, (String) fields.getOrDefault("dtype", ""), (long[]) fields.getOrDefault("shape", new long[0]));
        require(
                info.bytes() == offsets[1] - offsets[0],
                info + " has " + info.bytes() + " bytes, but its data_offsets are " + Arrays.toString(offsets));
        return new Entry(info, offsets[0]);
    }

    private static TensorInfo info(String name, String dtype, long[] dims) throws Problem {
        ElementType type = Arrays.stream(ElementType.values())
                .filter(known -> known.name().equals(dtype))
                .findFirst()
                .orElseThrow(() -> new Problem("'" + name + "' is of the dtype '" + dtype + "', which is none of "
                        + Arrays.toString(ElementType.values())));
        return TensorInfo.parsed(name, type, dims);
    }

    private static long[] numbers(JsonReader json, String name, String field) throws IOException {
        List<Long> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            boolean isNumber = json.peek() == JsonToken.NUMBER;
            String text = isNumber ? json.nextString() : "";
            require(
                    TensorInfo.isSize(text),
                    "'" + name + "': " + field + " has " + (isNumber ? text : "what is no number"));
            require(
                    numbers.size() < TensorInfo.MAX_AXES,
                    "'" + name + "': " + field + " has more than " + TensorInfo.MAX_AXES + " numbers");
            numbers.add(Long.parseLong(text));
        }
        json.endArray();
        return numbers.stream().mapToLong(number -> number).toArray();
    }
}
