package io.adjoint.autograd;

import io.adjoint.core.Dims;
import io.adjoint.core.Internal;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The arguments of an operation that are not tensors, such as an axis, by name. Only a {@link Tape} calls the function, so an operation
 * whose operations nobody reads pays for a small object at most.
 *
 * @hidden
 */
@Internal
@FunctionalInterface
public interface Attributes {
    /** An operation without attributes. */
    Attributes NONE = Collections::emptyMap;

    /** The attributes in the order of the operation's arguments. */
    Map<String, Object> get();

    /** Attributes of names and values in turn. */
    static Map<String, Object> with(Object... namesAndValues) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (int k = 0; k < namesAndValues.length; k += 2) {
            attributes.put((String) namesAndValues[k], namesAndValues[k + 1]);
        }
        return attributes;
    }

    /** The attributes of a reduction: {@code dims} if the axes are kept, {@code axes} unless they are all axes of the shape. */
    static Attributes reducing(Shape shape, Dims dims, int... axes) {
        return () -> {
            Map<String, Object> attributes = new LinkedHashMap<>();
            if (dims == Dims.KEEP) {
                attributes.put("dims", dims);
            }
            if (axes.length < shape.rank()) {
                attributes.put("axes", axes);
            }
            return attributes;
        };
    }

    /** An operation's name with its attributes, as {@code slice(axis=1, from=0, to=3)}. */
    static String text(String op, Map<String, Object> attributes) {
        return attributes.isEmpty() ? op : op + "(" + text(attributes) + ")";
    }

    /** The attributes, as {@code axis=1, from=0, to=3}. */
    static String text(Map<String, Object> attributes) {
        return attributes.entrySet().stream()
                .map(attribute -> attribute.getKey() + "=" + text(attribute.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String text(Object value) {
        return value instanceof int[] numbers
                ? Arrays.toString(numbers)
                : value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e7
                        ? Long.toString(number.longValue())
                        : String.valueOf(value);
    }
}
