package io.adjoint.io;

import static io.adjoint.io.Problem.require;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads and writes JSON strictly by RFC 8259, without extensions. */
final class StrictJson {
    /** An action that reads a value of an expected form from a JSON text. */
    @FunctionalInterface
    interface Action<T> {
        T read(JsonReader json) throws IOException;
    }

    /** An action that reads the value of an object's entry, given the name of the entry. */
    @FunctionalInterface
    interface Entry<T> {
        T read(String name) throws IOException;
    }

    private StrictJson() {}

    /**
     * Runs an action that reads a JSON text, checks that the text is read to its end, and returns the result.
     *
     * @param what the words for the text in messages
     * @param text the characters, from a decoder that refuses malformed UTF-8
     */
    static <T> T read(String what, Reader text, Action<T> action) throws IOException {
        JsonReader json = new JsonReader(text);
        json.setStrictness(Strictness.STRICT);
        try {
            T result = action.read(json);
            require(json.peek() == JsonToken.END_DOCUMENT, what + " goes on after its end");
            return result;
        } catch (CharacterCodingException e) {
            throw new Problem(what + " is not in UTF-8", e);
        } catch (MalformedJsonException | EOFException | IllegalStateException | JsonParseException e) {
            throw new Problem(what + " is not the JSON that it should be, at " + json.getPath(), e);
        }
    }

    /**
     * Reads an object, refusing duplicate names, since readers differ in which of the two values they use.
     *
     * @param owner the words for the object in messages
     */
    static <T> Map<String, T> object(String owner, JsonReader json, Entry<T> entry) throws IOException {
        Map<String, T> values = new LinkedHashMap<>();
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            require(values.put(name, entry.read(name)) == null, owner + " has '" + name + "' twice");
        }
        json.endObject();
        return values;
    }

    /** Writes an object of strings. */
    static void write(JsonWriter json, Map<String, String> strings) throws IOException {
        json.beginObject();
        for (Map.Entry<String, String> string : strings.entrySet()) {
            json.name(string.getKey()).value(string.getValue());
        }
        json.endObject();
    }
}
