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

/** The fixture of each {@link Counterpart}, written by {@code counterparts.py}, which describes the format. */
final class CounterpartFile {
    private static final Path FILE = resource("counterparts.safetensors");
    private static final Map<String, NdArray> ARRAYS = Safetensors.load(FILE);

    private CounterpartFile() {}

    static Path resource(String name) {
        URL url = Objects.requireNonNull(CounterpartFile.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, NdArray> state(Counterpart<?> row) {
        return part(row, "state");
    }

    static Map<String, NdArray> inputs(Counterpart<?> row) {
        return part(row, "input");
    }

    static NdArray output(Counterpart<?> row, DType dtype) {
        return Objects.requireNonNull(ARRAYS.get(row + "/" + dtype));
    }

    /** The names of each part's state in PyTorch's order, separated by spaces. */
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

    private static Map<String, NdArray> part(Counterpart<?> row, String kind) {
        String prefix = row + "/" + kind + "/";
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        ARRAYS.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                arrays.put(name.substring(prefix.length()), array);
            }
        });
        return arrays;
    }
}
