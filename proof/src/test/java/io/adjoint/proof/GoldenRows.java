package io.adjoint.proof;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.ref.SoftReference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Reads files of golden values, with one JSON object in each line. */
final class GoldenRows {
    private static final Map<String, SoftReference<List<JsonObject>>> READ = new HashMap<>();

    private GoldenRows() {}

    /** The rows of the uncompressed file that a system property names; without the property, those of a gzip test resource. */
    static List<JsonObject> read(String property, String resource) throws IOException {
        String file = System.getProperty(property, "");
        return file.isEmpty() ? published(resource) : rows(Files.newInputStream(Path.of(file)));
    }

    /** The rows of the uncompressed file that a system property names; without the property, those of all gzip files of a folder. */
    static List<JsonObject> readAll(String property, String folder) throws IOException {
        String file = System.getProperty(property, "");
        if (!file.isEmpty()) {
            return rows(Files.newInputStream(Path.of(file)));
        }
        List<JsonObject> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                Path.of(URI.create(Objects.requireNonNull(GoldenRows.class.getResource(folder), folder)
                        .toString())),
                "*.jsonl.gz")) {
            for (Path packed : files) {
                all.addAll(published(folder + "/" + packed.getFileName()));
            }
        }
        return all;
    }

    /** The rows of a gzip test resource. They are kept, and read again only if the garbage collector has freed them. */
    static synchronized List<JsonObject> published(String resource) throws IOException {
        SoftReference<List<JsonObject>> before = READ.get(resource);
        List<JsonObject> kept = before == null ? null : before.get();
        if (kept == null) {
            kept = rows(new GZIPInputStream(
                    Objects.requireNonNull(GoldenRows.class.getResourceAsStream(resource), resource)));
            READ.put(resource, new SoftReference<>(kept));
        }
        return kept;
    }

    private static List<JsonObject> rows(InputStream in) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        }
    }

    /** Reads an array from its shape, its elements in row-major order and its dtype, which is FLOAT64 if it is absent. */
    static Tensor tensor(JsonObject json) {
        JsonArray sizes = json.getAsJsonArray("shape");
        JsonArray data = json.getAsJsonArray("data");
        DType dtype = json.has("dtype") ? DType.valueOf(json.get("dtype").getAsString()) : DType.FLOAT64;
        double[] elements =
                data.asList().stream().mapToDouble(GoldenRows::number).toArray();
        return Tensor.of(NdArray.of(
                        Shape.of(sizes.asList().stream()
                                .mapToInt(JsonElement::getAsInt)
                                .toArray()),
                        elements)
                .to(dtype));
    }

    private static double number(JsonElement element) {
        return element.getAsJsonPrimitive().isBoolean() ? element.getAsBoolean() ? 1 : 0 : element.getAsDouble();
    }
}
