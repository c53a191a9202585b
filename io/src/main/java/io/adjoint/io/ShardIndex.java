package io.adjoint.io;

import static io.adjoint.io.Problem.require;

import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The index of a model that is stored in several files: a JSON object with {@code weight_map}, which maps each tensor's name to the name of
 * its file, and {@code metadata}.
 *
 * @param metadata the values of the metadata, by name: strings, and other values as JSON text
 * @param shardOf for each tensor's name the name of its file
 */
record ShardIndex(Map<String, String> metadata, Map<String, String> shardOf) {
    static final String SUFFIX = ".index.json";
    private static final String WEIGHT_MAP = "weight_map";
    private static final String TOTAL_SIZE = "total_size";
    private static final String METADATA = "metadata";
    private static final Pattern PLAIN = Pattern.compile("[^/\\\\:\\x00]+");

    static boolean isIndex(Path path) {
        return path.toString().endsWith(SUFFIX);
    }

    /** The names of the files, in the order in which the index first names them. */
    Set<String> files() {
        return new LinkedHashSet<>(shardOf.values());
    }

    /**
     * Returns an index in the format of Hugging Face's tools.
     *
     * @param totalSize the number of bytes of all tensors
     * @param shardOf for each tensor's name the name of its file
     */
    static String json(long totalSize, Map<String, String> shardOf) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent("  ");
            json.beginObject().name(METADATA);
            json.beginObject().name(TOTAL_SIZE).value(totalSize).endObject();
            json.name(WEIGHT_MAP);
            StrictJson.write(json, shardOf);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    static ShardIndex read(Path path) {
        return Reading.open(Safetensors.FORMAT, path, () -> {
            try (BufferedReader text = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
                return StrictJson.read("the index", text, ShardIndex::read);
            }
        });
    }

    private static ShardIndex read(JsonReader json) throws IOException {
        Map<String, Map<String, String>> fields = StrictJson.object("it", json, field -> {
            require(field.equals(METADATA) || field.equals(WEIGHT_MAP), "it has a field '" + field + "'");
            return StrictJson.object(field, json, name -> field.equals(METADATA) ? text(json) : json.nextString());
        });
        Map<String, String> shardOf = fields.getOrDefault(WEIGHT_MAP, Map.of());
        require(!shardOf.isEmpty(), "it has no " + WEIGHT_MAP);
        for (String name : shardOf.values()) {
            // An index may name only files in its own folder.
            require(
                    name.endsWith(".safetensors") && PLAIN.matcher(name).matches(),
                    "'" + name + "' is no name of a .safetensors file in its folder");
        }
        return new ShardIndex(fields.getOrDefault(METADATA, Map.of()), shardOf);
    }

    /** Reads a value of the metadata: a string, or any other JSON value as text. */
    private static String text(JsonReader json) throws IOException {
        return json.peek() == JsonToken.STRING
                ? json.nextString()
                : JsonParser.parseReader(json).toString();
    }
}
