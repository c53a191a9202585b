package io.adjoint.io;

import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Writes the elements of an array in row-major order, little-endian, one buffer at a time.
 *
 * @hidden
 */
@Internal
public final class ElementWriter {
    /**
     * Receives a sequence of bytes.
     *
     * @hidden
     */
    @FunctionalInterface
    public interface Sink {
        /** Receives all bytes of the buffer up to its limit. */
        void take(ByteBuffer bytes) throws IOException;

        /** A sink that writes to a channel at its position. */
        static Sink of(FileChannel channel) {
            return bytes -> {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            };
        }
    }

    /** The largest number of elements in a block; an array is converted and written block by block. */
    private static final int BLOCK = 1 << 15;

    private ElementWriter() {}

    /** Writes an array as elements of its own type, or a floating array as F16 or BF16, rounded to nearest, ties to even. */
    public static void write(NdArray array, ElementType type, Sink sink) throws IOException {
        NdArray flat = array.contiguous().reshape(array.size());
        ByteBuffer buffer = ByteBuffer.allocate(Math.min(array.size(), BLOCK) * type.bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0, count; from < array.size(); from += count) {
            count = Math.min(array.size() - from, BLOCK);
            put(flat.slice(0, from, from + count), type, buffer.clear());
            sink.take(buffer);
        }
    }

    /** Puts the elements of a block into an empty buffer, converted to the type, and sets the buffer's limit. */
    private static void put(NdArray block, ElementType type, ByteBuffer buffer) {
        switch (type) {
            case F64 -> buffer.asDoubleBuffer().put(block.toDoubleArray());
            case F32 -> buffer.asFloatBuffer().put(block.toFloatArray());
            case I32 -> buffer.asIntBuffer().put(block.toIntArray());
            case BOOL -> {
                for (boolean value : block.toBooleanArray()) {
                    buffer.put((byte) (value ? 1 : 0));
                }
            }
            case F16 -> {
                for (double value : block.toDoubleArray()) {
                    buffer.putShort(HalfFloats.toF16(value));
                }
            }
            case BF16 -> {
                for (double value : block.toDoubleArray()) {
                    buffer.putShort(HalfFloats.toBF16(value));
                }
            }
            default -> throw new IllegalArgumentException("arrays are not written as " + type);
        }
        buffer.position(0).limit(block.size() * type.bytes());
    }
}
