package io.adjoint.io;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What {@code twins.py} wrote of each {@link Twin}, in the form that it describes. */
final class TwinFile {
    private static final Path FILE = resource("twins.safetensors");
    private static final Map<String, NdArray> ARRAYS = Safetensors.load(FILE);

    private TwinFile() {}

    static Path resource(String name) {
        URL url = Objects.requireNonNull(TwinFile.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, NdArray> state(Twin<?> twin) {
        return part(twin, "state");
    }

    static Map<String, NdArray> inputs(Twin<?> twin) {
        return part(twin, "input");
    }

    static NdArray output(Twin<?> twin, DType dtype) {
        return Objects.requireNonNull(ARRAYS.get(twin + "/" + dtype));
    }

    /** The names of each twin's state in PyTorch's order, separated by spaces. */
    static Map<String, String> orders() {
        try (Safetensors file = Safetensors.open(FILE)) {
            return file.metadata();
        }
    }

    static Tensor[] converted(Map<String, NdArray> inputs, DType dtype) {
        return inputs.values().stream()
                .map(input -> Tensor.of(input.dtype().isFloating() ? input.to(dtype) : input))
                .toArray(Tensor[]::new);
    }

    private static Map<String, NdArray> part(Twin<?> twin, String kind) {
        String prefix = twin + "/" + kind + "/";
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        ARRAYS.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                arrays.put(name.substring(prefix.length()), array);
            }
        });
        return arrays;
    }
}
