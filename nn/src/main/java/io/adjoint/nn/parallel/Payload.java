package io.adjoint.nn.parallel;

import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.nio.ByteBuffer;

/** Converts elements of arrays to bytes and back, in the byte order of the buffer; all bits are kept. */
final class Payload {
    /**
     * The largest number of elements copied at a time. A block of this number of elements fits in a core's cache, and is too small for its
     * copy to be split among threads.
     */
    private static final int BLOCK = 1 << 12;

    private Payload() {}

    /** The size of an element of a dtype, in bytes. */
    static int bytes(DType dtype) {
        return switch (dtype) {
            case FLOAT64 -> Double.BYTES;
            case FLOAT32 -> Float.BYTES;
            case INT32 -> Integer.BYTES;
            case BOOL -> 1;
        };
    }

    /** Appends elements of a vector to a buffer. */
    static void put(NdArray vector, int from, int to, ByteBuffer buffer) {
        for (int at = from; at < to; at += BLOCK) {
            put(vector.slice(0, at, Math.min(to, at + BLOCK)), buffer);
        }
    }

    private static void put(NdArray block, ByteBuffer buffer) {
        int end = buffer.position() + block.size() * bytes(block.dtype());
        switch (block.dtype()) {
            case FLOAT64 -> buffer.asDoubleBuffer().put(block.toDoubleArray());
            case FLOAT32 -> buffer.asFloatBuffer().put(block.toFloatArray());
            case INT32 -> buffer.asIntBuffer().put(block.toIntArray());
            case BOOL -> {
                for (boolean value : block.toBooleanArray()) {
                    buffer.put((byte) (value ? 1 : 0));
                }
            }
        }
        buffer.position(end);
    }

    /** Puts the next elements of a buffer into a contiguous vector. */
    static void get(ByteBuffer buffer, int count, NdArray target, int at) {
        for (int from = 0; from < count; from += BLOCK) {
            get(buffer, target.slice(0, at + from, at + Math.min(count, from + BLOCK)));
        }
    }

    private static void get(ByteBuffer buffer, NdArray target) {
        int count = target.size();
        Shape shape = Shape.of(count);
        int end = buffer.position() + count * bytes(target.dtype());
        NdArray received = switch (target.dtype()) {
            case FLOAT64 -> {
                double[] values = new double[count];
                buffer.asDoubleBuffer().get(values);
                yield NdArray.wrap(shape, values);
            }
            case FLOAT32 -> {
                float[] values = new float[count];
                buffer.asFloatBuffer().get(values);
                yield NdArray.wrap(shape, values);
            }
            case INT32 -> {
                int[] values = new int[count];
                buffer.asIntBuffer().get(values);
                yield NdArray.wrap(shape, values);
            }
            case BOOL -> {
                boolean[] values = new boolean[count];
                for (int k = 0; k < count; k++) {
                    values[k] = buffer.get() != 0;
                }
                yield NdArray.of(shape, values);
            }
        };
        InPlace.assign(target, received);
        buffer.position(end);
    }
}
