package io.adjoint.io;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The index of a model in several files: a JSON object with {@code weight_map}, the name of the file of each tensor, and {@code metadata}.
 *
 * @param metadata the texts and numbers of the metadata, as texts
 * @param shardOf the files' names by those of the tensors
 */
record ShardIndex(Map<String, String> metadata, Map<String, String> shardOf) {
    static final String SUFFIX = ".index.json";
    private static final String WEIGHT_MAP = "weight_map";
    private static final String METADATA = "metadata";

    static boolean isIndex(Path path) {
        return path.toString().endsWith(SUFFIX);
    }

    /** The names of the files, in the order in which they are first named. */
    Set<String> files() {
        return new LinkedHashSet<>(shardOf.values());
    }

    String json() {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent("  ");
            json.beginObject().name(METADATA);
            write(json, metadata);
            json.name(WEIGHT_MAP);
            write(json, shardOf);
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static void write(JsonWriter json, Map<String, String> texts) throws IOException {
        json.beginObject();
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            json.name(entry.getKey()).value(entry.getValue());
        }
        json.endObject();
    }

    static ShardIndex read(Path path) {
        try (JsonReader json = new JsonReader(Files.newBufferedReader(path, StandardCharsets.UTF_8))) {
            json.setStrictness(Strictness.STRICT);
            return read(path, json);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("Safetensors: there is no file " + path.toAbsolutePath(), e);
        } catch (CharacterCodingException | MalformedJsonException | EOFException | IllegalStateException e) {
            throw new MalformedFileException(path, "it is not the JSON of an index: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Safetensors: cannot read " + path + ": " + e, e);
        }
    }

    private static ShardIndex read(Path path, JsonReader json) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, String> shardOf = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case METADATA -> texts(path, json, metadata);
                case WEIGHT_MAP -> texts(path, json, shardOf);
                default -> throw new MalformedFileException(path, "it has a field '" + field + "'");
            }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw new MalformedFileException(path, "more follows its end");
        }
        if (shardOf.isEmpty()) {
            throw new MalformedFileException(path, "it has no " + WEIGHT_MAP);
        }
        for (String name : shardOf.values()) {
            requireSibling(path, name);
        }
        return new ShardIndex(metadata, shardOf);
    }

    /** Refuses what is no file of the index' own folder. */
    private static void requireSibling(Path path, String name) {
        boolean plain = name.endsWith(".safetensors") && name.matches("[^/\\\\:\\x00]+");
        if (!plain) {
            throw new MalformedFileException(path, "'" + name + "' is no name of a .safetensors file in its folder");
        }
    }

    private static void texts(Path path, JsonReader json, Map<String, String> texts) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            JsonToken token = json.peek();
            String text = token == JsonToken.BOOLEAN ? String.valueOf(json.nextBoolean()) : json.nextString();
            if (texts.put(name, text) != null) {
                throw new MalformedFileException(path, "'" + name + "' is there twice");
            }
        }
        json.endObject();
    }
}
