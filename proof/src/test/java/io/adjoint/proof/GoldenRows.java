package io.adjoint.proof;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Reads files of golden values: one JSON object a line. */
final class GoldenRows {
    private GoldenRows() {}

    /** The rows of the file that a system property names, unpacked; by default those of a packed test resource. */
    static List<JsonObject> read(String property, String resource) throws IOException {
        String file = System.getProperty(property, "");
        return file.isEmpty() ? published(resource) : rows(Files.newInputStream(Path.of(file)));
    }

    /** The rows of a packed test resource. */
    static List<JsonObject> published(String resource) throws IOException {
        return rows(
                new GZIPInputStream(Objects.requireNonNull(GoldenRows.class.getResourceAsStream(resource), resource)));
    }

    private static List<JsonObject> rows(InputStream in) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        }
    }

    /** An array as its shape and its elements in row-major order. */
    static Tensor tensor(JsonObject json) {
        JsonArray sizes = json.getAsJsonArray("shape");
        JsonArray data = json.getAsJsonArray("data");
        return Tensor.of(NdArray.of(
                Shape.of(sizes.asList().stream().mapToInt(JsonElement::getAsInt).toArray()),
                data.asList().stream().mapToDouble(JsonElement::getAsDouble).toArray()));
    }
}
