package io.adjoint.io;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * The description of an array in a file, which may have more elements than an array of Java can.
 *
 * @param name its name
 * @param type the type of its elements in the file
 * @param dims its sizes, outermost first; none of a scalar
 * @param bytes its length in the file, unpacked
 */
public record TensorInfo(String name, ElementType type, List<Long> dims, long bytes) {
    /** A description. */
    public TensorInfo {
        dims = List.copyOf(dims);
    }

    /**
     * The description of an array whose bytes are its elements and nothing else.
     *
     * @throws ArithmeticException if that are more than 2⁶³−1
     */
    static TensorInfo of(String name, ElementType type, long... dims) {
        boolean empty = Arrays.stream(dims).anyMatch(dim -> dim == 0);
        long bytes = empty ? 0 : Arrays.stream(dims).reduce(type.bytes(), Math::multiplyExact);
        return new TensorInfo(name, type, Arrays.stream(dims).boxed().toList(), bytes);
    }

    static TensorInfo of(String name, ElementType type, NdArray array) {
        return of(
                name,
                type,
                Arrays.stream(array.shape().toArray()).asLongStream().toArray());
    }

    /** The shape, if an array can have it. */
    Shape shape() {
        if (bytes / type.bytes() > Integer.MAX_VALUE || dims.stream().anyMatch(dim -> dim > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    this + " is larger than an array, which has at most 2147483647 elements");
        }
        return Shape.of(dims.stream().mapToInt(Math::toIntExact).toArray());
    }

    @Override
    public String toString() {
        return "'" + name + "' " + type + " " + dims;
    }
}
