package io.adjoint.core;

import java.lang.reflect.Array;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Copies between nested Java arrays and the library's arrays. */
final class NestedArrays {
    private NestedArrays() {}

    static NdArray read(Object nested) {
        DType dtype = dtype(nested.getClass());
        int rank = rank(nested.getClass());
        if (dtype == null || rank == 0) {
            throw new IllegalArgumentException(
                    "fromArray: expected an array of double, float, int or boolean, such as a double[][], got "
                            + nested.getClass().getSimpleName());
        }
        int[] dims = new int[rank];
        Object first = nested;
        for (int axis = 0; axis < rank && first != null; axis++) {
            dims[axis] = Array.getLength(first);
            first = dims[axis] == 0 || axis == rank - 1 ? null : Array.get(first, 0);
        }
        NdArray result = NdArray.zeros(dtype, Shape.of("fromArray", dims));
        fill(result, 0, nested, new int[rank], 0);
        return result;
    }

    private static void fill(NdArray result, int axis, @Nullable Object nested, int[] at, int offset) {
        int size = result.shape.dims()[axis];
        if (nested == null || Array.getLength(nested) != size) {
            throw new ShapeException("fromArray: "
                    + (nested == null
                            ? "the array at " + position(at, axis) + " is null"
                            : "the arrays are ragged: that at " + position(at, axis) + " has " + Array.getLength(nested)
                                    + " elements, but that at " + position(new int[at.length], axis) + " has " + size));
        }
        if (axis == at.length - 1) {
            copy(nested, 0, result.elements(), offset, size);
            return;
        }
        int stride = result.shape.strides()[axis];
        for (at[axis] = 0; at[axis] < size; at[axis]++) {
            fill(result, axis + 1, Array.get(nested, at[axis]), at, offset + at[axis] * stride);
        }
    }

    /**
     * Copies n elements between Java arrays of one type, or between truth values and the bytes that store them. If n is 0, the positions
     * may be out of range.
     */
    static void copy(Object source, int from, Object target, int to, int n) {
        if (source instanceof boolean[] flags) {
            for (int e = 0; e < n; e++) {
                ((byte[]) target)[to + e] = (byte) (flags[from + e] ? 1 : 0);
            }
        } else if (target instanceof boolean[] flags) {
            for (int e = 0; e < n; e++) {
                flags[to + e] = ((byte[]) source)[from + e] != 0;
            }
        } else if (n > 0) {
            System.arraycopy(source, from, target, to, n);
        }
    }

    private static String position(int[] at, int axes) {
        return Arrays.toString(Arrays.copyOf(at, axes));
    }

    static <T> T write(NdArray x, Class<T> type) {
        int rank = x.shape.rank();
        if (dtype(type) != x.dtype || rank(type) != rank || rank == 0) {
            throw new IllegalArgumentException("toArray: " + x.dtype + " " + x.shape
                    + (rank == 0
                            ? " is a scalar; take item()"
                            : " fills a " + component(x.dtype) + "[]".repeat(rank) + ", not a "
                                    + type.getSimpleName()));
        }
        NdArray dense = x.contiguous();
        return type.cast(written(dense, 0, dense.offset));
    }

    private static Object written(NdArray x, int axis, int offset) {
        int[] dims = x.shape.dims();
        Object nested = Array.newInstance(component(x.dtype), Arrays.copyOfRange(dims, axis, dims.length));
        for (int k = 0; k < dims[axis] && axis < dims.length - 1; k++) {
            Array.set(nested, k, written(x, axis + 1, offset + k * x.shape.strides()[axis]));
        }
        if (axis == dims.length - 1) {
            copy(x.elements(), offset, nested, 0, dims[axis]);
        }
        return nested;
    }

    private static int rank(Class<?> type) {
        return type.isArray() ? 1 + rank(type.getComponentType()) : 0;
    }

    private static @Nullable DType dtype(Class<?> type) {
        if (type.isArray()) {
            return dtype(type.getComponentType());
        }
        return Arrays.stream(DType.values())
                .filter(dtype -> component(dtype) == type)
                .findFirst()
                .orElse(null);
    }

    private static Class<?> component(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> double.class;
            case FLOAT32 -> float.class;
            case INT32 -> int.class;
            case BOOL -> boolean.class;
        };
    }
}
