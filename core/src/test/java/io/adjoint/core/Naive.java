package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Computes operations by their definitions, index by index, without the code that is under test. */
final class Naive {
    private Naive() {}

    /** All indices of a shape in row-major order. */
    static List<int[]> indices(Shape shape) {
        List<int[]> indices = new ArrayList<>();
        int[] dims = shape.toArray();
        int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
        for (int flat = 0; flat < size; flat++) {
            int[] index = new int[dims.length];
            for (int axis = dims.length - 1, rest = flat; axis >= 0; axis--) {
                index[axis] = rest % dims[axis];
                rest /= dims[axis];
            }
            indices.add(index);
        }
        return indices;
    }

    /** The position of an element in the storage. */
    static int position(NdArray x, int... index) {
        int at = x.offset;
        for (int axis = 0; axis < index.length; axis++) {
            at += index[axis] * x.strides[axis];
        }
        return at;
    }

    /** The element of x at an index of a shape to which x broadcasts. */
    static double at(NdArray x, int... index) {
        int[] own = Arrays.copyOfRange(index, index.length - x.shape.rank(), index.length);
        for (int axis = 0; axis < own.length; axis++) {
            own[axis] = x.shape.toArray()[axis] == 1 ? 0 : own[axis];
        }
        return Array.getDouble(x.elements(), position(x, own));
    }

    /** The elements in row-major order. */
    static double[] elements(NdArray x) {
        return values(x.shape, index -> at(x, index));
    }

    /** The values of a function of each index, in row-major order. */
    static double[] values(Shape shape, ToDoubleFunction<int[]> function) {
        return indices(shape).stream().mapToDouble(function).toArray();
    }

    /**
     * An index of a reduction's result: the index without the axes that are {@code gone} or, with {@code dims}, with 0 for these axes.
     */
    static int[] reduced(int[] index, boolean[] gone, Dims dims) {
        List<Integer> kept = new ArrayList<>();
        for (int axis = 0; axis < index.length; axis++) {
            if (!gone[axis]) {
                kept.add(index[axis]);
            } else if (dims == Dims.KEEP) {
                kept.add(0);
            }
        }
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Marks the axes that a list names, or all axes if the list is empty. */
    static boolean[] named(int rank, int... axes) {
        boolean[] named = new boolean[rank];
        Arrays.fill(named, axes.length == 0);
        for (int axis : axes) {
            named[axis < 0 ? axis + rank : axis] = true;
        }
        return named;
    }

    static double round(DType dtype, double value) {
        return dtype == DType.FLOAT32 ? (float) value : value;
    }

    /** Asserts the type, the shape and every bit of the elements, except for the payload of a NaN. */
    static void assertSame(NdArray actual, DType dtype, Shape shape, double... expected) {
        assertThat(actual.dtype()).isEqualTo(dtype);
        assertThat(actual.shape()).isEqualTo(shape);
        assertThat(bits(elements(actual))).isEqualTo(bits(expected));
    }

    static void assertClose(NdArray actual, DType dtype, Shape shape, double relative, double... expected) {
        assertThat(actual.dtype()).isEqualTo(dtype);
        assertThat(actual.shape()).isEqualTo(shape);
        double[] elements = elements(actual);
        for (int e = 0; e < elements.length; e++) {
            double allowed = relative * Math.max(1, Math.abs(expected[e]));
            assertThat(Double.compare(elements[e], expected[e]) == 0 || Math.abs(elements[e] - expected[e]) <= allowed)
                    .as("element %d is %s, expected %s", e, elements[e], expected[e])
                    .isTrue();
        }
    }

    static long[] bits(double... values) {
        return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
    }
}
