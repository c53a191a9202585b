package io.adjoint.io;

import io.adjoint.core.NdArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Arrays as text: dtype, shape, and the elements, floats by their bits; equal texts mean arrays with the same bits. */
final class ArrayBits {
    private ArrayBits() {}

    static String of(NdArray array) {
        LongStream elements = switch (array.dtype()) {
            case FLOAT64 -> Arrays.stream(array.toDoubleArray()).mapToLong(Double::doubleToRawLongBits);
            case FLOAT32 -> floats(array.toFloatArray());
            case INT32, BOOL -> Arrays.stream(array.toIntArray()).asLongStream();
        };
        return array.dtype()
                + "\t"
                + Arrays.stream(array.shape().toArray())
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(","))
                + "\t"
                + elements.mapToObj(element -> text(array, element)).collect(Collectors.joining(" "));
    }

    private static String text(NdArray array, long element) {
        return array.dtype().isFloating() ? Long.toUnsignedString(element) : String.valueOf(element);
    }

    private static LongStream floats(float[] values) {
        long[] bits = new long[values.length];
        Arrays.setAll(bits, k -> Integer.toUnsignedLong(Float.floatToRawIntBits(values[k])));
        return Arrays.stream(bits);
    }

    static Map<String, String> of(Map<String, NdArray> arrays) {
        Map<String, String> texts = new LinkedHashMap<>();
        arrays.forEach((name, array) -> texts.put(name, of(array)));
        return texts;
    }
}
