package io.adjoint.io;

import io.adjoint.core.DType;
import io.adjoint.core.HeapException;
import io.adjoint.core.InPlace;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the elements of an array from a source, one buffer at a time. */
final class ElementReader {
    /** A sequence of bytes, such as a range of a file or an entry of an archive. */
    @FunctionalInterface
    interface Source {
        /** Fills the buffer up to its limit; throws an EOFException if there are fewer bytes. */
        void fill(ByteBuffer target) throws IOException;
    }

    /** The size of the buffer in bytes: small enough for a core's cache, large enough to read from a disk at full speed. */
    private static final int BUFFER = 1 << 18;

    private final ElementType type;
    private final Source source;
    private final ByteBuffer buffer;

    private ElementReader(ElementType type, ByteOrder order, Source source, int size) {
        this.type = type;
        this.source = source;
        long bytes = Math.max(1, Math.min(BUFFER, (long) size * type.bytes()));
        buffer = ByteBuffer.allocate((int) bytes).order(order);
    }

    /**
     * Reads an array from the next elements of a source, in row-major order. All bits of floating elements are kept, also of NaN.
     *
     * @param info the array's description
     * @param shape the shape to read; for an array in column-major order, the shape of the description with its sizes in reverse order
     * @throws Problem if the dtype can't hold the value of an element
     * @throws HeapException if there is no memory for the array
     */
    static NdArray read(TensorInfo info, ByteOrder order, Shape shape, Source source) throws IOException {
        try {
            return new ElementReader(info.type(), order, source, shape.size()).array(shape);
        } catch (OutOfMemoryError e) {
            throw new HeapException(info + " of " + info.bytes() + " bytes", e);
        }
    }

    private NdArray array(Shape shape) throws IOException {
        return switch (type.dtype()) {
            case FLOAT64 -> NdArray.wrap(shape, doubles(shape.size()));
            case FLOAT32 -> NdArray.wrap(shape, floats(shape.size()));
            case INT32 -> NdArray.wrap(shape, ints(shape.size()));
            case BOOL -> truths(shape.size()).reshape(shape);
        };
    }

    private double[] doubles(int size) throws IOException {
        double[] values = new double[size];
        fill(size, (from, count) -> buffer.asDoubleBuffer().get(values, from, count));
        return values;
    }

    private float[] floats(int size) throws IOException {
        float[] values = new float[size];
        fill(size, (from, count) -> {
            if (type == ElementType.F32) {
                buffer.asFloatBuffer().get(values, from, count);
            } else {
                for (int k = 0; k < count; k++) {
                    short bits = buffer.getShort(2 * k);
                    values[from + k] = type == ElementType.F16 ? HalfFloats.ofF16(bits) : HalfFloats.ofBF16(bits);
                }
            }
        });
        return values;
    }

    private int[] ints(int size) throws IOException {
        int[] values = new int[size];
        fill(size, (from, count) -> {
            if (type == ElementType.I32) {
                buffer.asIntBuffer().get(values, from, count);
            } else {
                for (int k = 0; k < count; k++) {
                    values[from + k] = integer(k, from + k);
                }
            }
        });
        return values;
    }

    private int integer(int k, int index) throws Problem {
        return switch (type) {
            case I16 -> buffer.getShort(2 * k);
            case I8 -> buffer.get(k);
            case U16 -> Short.toUnsignedInt(buffer.getShort(2 * k));
            case U8 -> Byte.toUnsignedInt(buffer.get(k));
            case U32 -> narrow(Integer.toUnsignedLong(buffer.getInt(4 * k)), index, false);
            case U64 -> narrow(buffer.getLong(8 * k), index, true);
            default -> narrow(buffer.getLong(8 * k), index, false);
        };
    }

    private static int narrow(long value, int index, boolean unsigned) throws Problem {
        if (value != (int) value || (unsigned && value < 0)) {
            throw new Problem("element " + index + " is " + (unsigned ? Long.toUnsignedString(value) : value)
                    + ", which INT32 does not hold");
        }
        return (int) value;
    }

    /**
     * Reads the next elements as BOOL. Each buffer's elements are put into the array separately: NdArray copies a {@code boolean[]}, so one
     * {@code boolean[]} for all elements would double the memory.
     */
    private NdArray truths(int size) throws IOException {
        NdArray values = Lease.outside(() -> NdArray.zeros(DType.BOOL, Shape.of(size)));
        fill(size, (from, count) -> {
            boolean[] part = new boolean[count];
            for (int k = 0; k < count; k++) {
                int value = buffer.get(k);
                if (value != 0 && value != 1) {
                    throw new Problem("element " + (from + k) + " is " + (value & 0xff) + ", and a BOOL is 0 or 1");
                }
                part[k] = value == 1;
            }
            InPlace.assign(values.slice(0, from, from + count), NdArray.of(Shape.of(count), part));
        });
        return values;
    }

    /** Takes elements from the buffer: {@code count} elements of the array, beginning with the element {@code from}. */
    @FunctionalInterface
    private interface Chunk {
        void take(int from, int count) throws IOException;
    }

    /** Reads all elements, as many at a time as fit in the buffer. */
    private void fill(int size, Chunk chunk) throws IOException {
        for (int from = 0, count; from < size; from += count) {
            count = Math.min(size - from, buffer.capacity() / type.bytes());
            buffer.clear().limit(count * type.bytes());
            source.fill(buffer);
            buffer.flip();
            chunk.take(from, count);
        }
    }
}
