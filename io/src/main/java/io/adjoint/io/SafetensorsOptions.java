package io.adjoint.io;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link Safetensors#save}; immutable.
 *
 * <pre>{@code
 * Safetensors.save(path, model.state(), new SafetensorsOptions().floats(ElementType.BF16).metadata(Map.of("format", "pt")));
 * }</pre>
 */
@CheckReturnValue
public final class SafetensorsOptions extends Options<SafetensorsOptions> {
    Map<String, String> metadata = Map.of();
    /** The type in which floating arrays are written; null for the type of each array. */
    @Nullable
    ElementType floats;

    long maxFileSize = Long.MAX_VALUE;

    /** No metadata, the arrays' own types, one file. */
    public SafetensorsOptions() {}

    /**
     * With metadata, strings beside the tensors, in the order of their names; files of {@code transformers} have {@code format=pt}.
     *
     * @throws IllegalArgumentException if one is not Unicode text, as it has half of a surrogate pair
     */
    public SafetensorsOptions metadata(Map<String, String> strings) {
        strings.forEach((key, text) -> {
            if (!TensorInfo.isUnicode(key) || !TensorInfo.isUnicode(text)) {
                throw new IllegalArgumentException(
                        "SafetensorsOptions: the metadata '" + key + "' have half of a surrogate pair");
            }
        });
        return with(copy -> copy.metadata = Collections.unmodifiableMap(new TreeMap<>(strings)));
    }

    /**
     * With floating arrays as F16 or BF16, half as large as FLOAT32: each element is rounded to nearest, ties to even; beyond 65504 those
     * of F16 become infinite. Other arrays stay as they are.
     *
     * @throws IllegalArgumentException if the type is neither F16 nor BF16
     */
    public SafetensorsOptions floats(ElementType type) {
        if (type != ElementType.F16 && type != ElementType.BF16) {
            throw new IllegalArgumentException("SafetensorsOptions: floats are stored as F16 or BF16, got " + type
                    + "; for FLOAT32 or FLOAT64 convert the arrays: array.to(dtype)");
        }
        return with(copy -> copy.floats = type);
    }

    /**
     * In files whose tensors have at most the given size, or one tensor each, beside an index: {@code model.safetensors.index.json} with
     * {@code model-00001-of-00003.safetensors} and so on.
     *
     * @throws IllegalArgumentException if the size is not positive
     */
    public SafetensorsOptions maxFileSize(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException(
                    "SafetensorsOptions: the largest file size must be positive, got " + bytes);
        }
        return with(copy -> copy.maxFileSize = bytes);
    }
}
