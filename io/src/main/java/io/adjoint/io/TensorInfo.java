package io.adjoint.io;

import io.adjoint.core.Messages;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The description of an array in a file, which may have more elements than an array of Java can.
 *
 * @param name its name
 * @param type the type of its elements in the file
 * @param dims its sizes, outermost first; none of a scalar
 * @param bytes its length in the file, unpacked
 */
public record TensorInfo(String name, ElementType type, List<Long> dims, long bytes) {
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");

    /** The largest number of axes, which is that of NumPy and PyTorch. */
    static final int MAX_AXES = 64;

    /** A description. */
    public TensorInfo {
        dims = List.copyOf(dims);
    }

    /**
     * The description of an array that takes exactly the bytes of its elements.
     *
     * @throws ArithmeticException if the number of bytes is above 2⁶³−1
     */
    private static TensorInfo of(String name, ElementType type, long... dims) {
        boolean empty = Arrays.stream(dims).anyMatch(dim -> dim == 0);
        long bytes = empty ? 0 : Arrays.stream(dims).reduce(type.bytes(), Math::multiplyExact);
        return new TensorInfo(name, type, Arrays.stream(dims).boxed().toList(), bytes);
    }

    /**
     * The description of an array to be written.
     *
     * @throws IllegalArgumentException if it has more axes than other readers accept
     */
    static TensorInfo of(String name, ElementType type, NdArray array) {
        int rank = array.shape().rank();
        if (rank > MAX_AXES) {
            throw new IllegalArgumentException(
                    "'" + name + "' has " + rank + " axes, and in a file at most " + MAX_AXES + "; reshape it");
        }
        return of(
                name,
                type,
                Arrays.stream(array.shape().toArray()).asLongStream().toArray());
    }

    /** The description of an array from the fields of a header. */
    static TensorInfo parsed(String name, ElementType type, long... dims) throws Problem {
        try {
            return of(name, type, dims);
        } catch (ArithmeticException e) {
            throw new Problem("'" + name + "' " + Arrays.toString(dims) + " has more bytes than a file", e);
        }
    }

    /**
     * Returns whether a text is a plain decimal size or offset. Forms such as 1e3, 1.0, −0 or 007 are excluded, since other readers refuse
     * them or read another number.
     */
    static boolean isSize(String number) {
        return SIZE.matcher(number).matches();
    }

    /** Returns whether a text can be written as UTF-8: whether all its surrogates are in pairs. */
    static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** A text of a file, as a name, for a terminal: with escapes in place of characters that would move its cursor. */
    public static String printable(String text) {
        return Messages.printable(text);
    }

    /** The shape; throws if it has more elements than an array can have. */
    Shape shape() throws TooLarge {
        if (bytes / type.bytes() > Integer.MAX_VALUE || dims.stream().anyMatch(dim -> dim > Integer.MAX_VALUE)) {
            throw new TooLarge(this);
        }
        return Shape.of(dims.stream().mapToInt(Math::toIntExact).toArray());
    }

    @Override
    public String toString() {
        return Messages.quoted(name) + " " + type + " " + dims;
    }
}
