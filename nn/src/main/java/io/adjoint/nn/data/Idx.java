package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.HeapException;
import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads IDX files, MNIST's format of arrays, packed by gzip or not: two zero bytes, one for the type, one for the number of axes, the size
 * of each axis as a big-endian int, the elements in row-major order, big-endian, and nothing else.
 *
 * <pre>{@code
 * Tensor images = Idx.read(Path.of("train-images-idx3-ubyte.gz"), DType.FLOAT32).div(255);
 * Tensor labels = Idx.read(Path.of("train-labels-idx1-ubyte.gz"));
 * }</pre>
 */
public final class Idx {
    /** The element types: the code in the file, the size in bytes, and the dtype that can hold the values. */
    private enum Type {
        UNSIGNED_BYTE(0x08, 1, DType.INT32, data -> k -> data.get(k) & 0xff),
        BYTE(0x09, 1, DType.INT32, data -> data::get),
        SHORT(0x0b, 2, DType.INT32, data -> data.asShortBuffer()::get),
        INT(0x0c, 4, DType.INT32, data -> data.asIntBuffer()::get),
        FLOAT(0x0d, 4, DType.FLOAT32, data -> data.asFloatBuffer()::get),
        DOUBLE(0x0e, 8, DType.FLOAT64, data -> data.asDoubleBuffer()::get);

        private final int code;
        private final int bytes;
        private final DType dtype;
        private final Function<ByteBuffer, IntToDoubleFunction> elements;

        Type(int code, int bytes, DType dtype, Function<ByteBuffer, IntToDoubleFunction> elements) {
            this.code = code;
            this.bytes = bytes;
            this.dtype = dtype;
            this.elements = elements;
        }
    }

    /** The largest length of a byte array on every JVM. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private Idx() {}

    /**
     * The array of a file: INT32 of whole numbers, else FLOAT32 or FLOAT64.
     *
     * @throws UncheckedIOException if the file cannot be read, or its array takes more memory than is free
     * @throws MalformedDataException if it is not an IDX file, or is cut or too long
     */
    public static Tensor read(Path file) {
        return DataFile.read("Idx", file, in -> parse(in, file.toString(), null));
    }

    /**
     * The array of a file in a floating dtype, into which it is read without a copy of another: {@code read(file, FLOAT32).div(255)}.
     *
     * @throws UncheckedIOException if the file cannot be read, or its array takes more memory than is free
     * @throws MalformedDataException if it is not an IDX file, or is cut or too long
     * @throws io.adjoint.core.DTypeException if the dtype is not floating
     */
    public static Tensor read(Path file, DType dtype) {
        dtype.requireFloating("Idx.read");
        return DataFile.read("Idx", file, in -> parse(in, file.toString(), dtype));
    }

    /**
     * The array that a stream holds, such as a resource; the caller closes it.
     *
     * @param name the name in messages
     */
    public static Tensor read(InputStream in, String name) {
        return DataFile.read("Idx", in, name, unpacked -> parse(unpacked, name, null));
    }

    /** The array that a stream holds in a floating dtype. */
    public static Tensor read(InputStream in, String name, DType dtype) {
        dtype.requireFloating("Idx.read");
        return DataFile.read("Idx", in, name, unpacked -> parse(unpacked, name, dtype));
    }

    private static Tensor parse(InputStream in, String name, @Nullable DType wanted) throws IOException {
        ByteBuffer begin = header(in, name, 0, 4);
        Type type = type(name, begin.getShort(), begin.get());
        int[] sizes = new int[begin.get() & 0xff];
        ByteBuffer axes = header(in, name, 4, 4 * sizes.length);
        long elements = 1;
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = axes.getInt();
            if (sizes[axis] < 0) {
                throw malformed(name, "axis " + axis + " has the size " + sizes[axis]);
            }
            elements = Math.min(Integer.MAX_VALUE + 1L, elements * sizes[axis]);
        }
        String says = "its header says " + type + " " + Arrays.toString(sizes) + ", ";
        if (elements * type.bytes > LARGEST) {
            throw malformed(name, says + "more than the " + LARGEST + " bytes that an array holds");
        }
        int size = (int) elements * type.bytes;
        try {
            byte[] bytes = in.readNBytes(size);
            if (bytes.length < size) {
                throw malformed(name, says + size + " bytes, but " + bytes.length + " follow; the file is cut");
            } else if (in.read() >= 0) {
                throw malformed(name, says + size + " bytes, but more follow");
            }
            return Tensor.of(NdArray.generate(
                    wanted == null ? type.dtype : wanted,
                    Shape.of(sizes),
                    type.elements.apply(ByteBuffer.wrap(bytes))));
        } catch (OutOfMemoryError e) {
            throw new HeapException(type + " " + Arrays.toString(sizes) + " of " + size + " bytes", e);
        }
    }

    /** Reads the next {@code count} bytes of the header, of which {@code before} bytes were read already. */
    private static ByteBuffer header(InputStream in, String name, int before, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw malformed(name, "it ends in the header, after " + (before + bytes.length) + " bytes");
        }
        return ByteBuffer.wrap(bytes);
    }

    private static Type type(String name, int magic, int code) {
        for (Type type : Type.values()) {
            if (magic == 0 && type.code == code) {
                return type;
            }
        }
        throw malformed(
                name,
                String.format(
                        Locale.ROOT,
                        "it begins with %04x %02x, but an IDX file with 0000 and the code of"
                                + " its type: 08, 09, 0b, 0c, 0d or 0e",
                        magic & 0xffff,
                        code & 0xff));
    }

    private static MalformedDataException malformed(String name, String what) {
        return new MalformedDataException("Idx: " + name + ": " + what);
    }
}
