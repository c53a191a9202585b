package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.io.ElementType;
import io.adjoint.io.ElementWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A Protocol Buffers message, with the fields in the order in which they are added. Its size is known before it is written, and elements of
 * arrays are copied only when it is written.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    /** Writes a part of the message. */
    @FunctionalInterface
    private interface Part {
        void write(ElementWriter.Sink sink) throws IOException;
    }

    private final List<Part> parts = new ArrayList<>();
    private long size;

    /** The size of the message in bytes. */
    long size() {
        return size;
    }

    /** Adds an integer, enum or bool field. */
    @CanIgnoreReturnValue
    Protobuf integer(int field, long value) {
        varint((long) field << 3 | VARINT);
        return varint(value);
    }

    /** Adds a float field. */
    @CanIgnoreReturnValue
    Protobuf real(int field, float value) {
        varint((long) field << 3 | FIXED_32);
        return bytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array());
    }

    /** Adds a string field, in UTF-8. */
    @CanIgnoreReturnValue
    Protobuf text(int field, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return length(field, bytes.length).bytes(bytes);
    }

    /** Adds a message field; the message must be complete, since its fields are copied now. */
    @CanIgnoreReturnValue
    Protobuf message(int field, Protobuf message) {
        return length(field, message.size).append(message);
    }

    /** Adds the fields of another message. */
    @CanIgnoreReturnValue
    Protobuf append(Protobuf message) {
        parts.addAll(message.parts);
        size += message.size;
        return this;
    }

    /** Adds a bytes field with the elements of an array. */
    @CanIgnoreReturnValue
    Protobuf elements(int field, NdArray array, ElementType type) {
        long bytes = (long) array.size() * type.bytes();
        length(field, bytes);
        parts.add(sink -> ElementWriter.write(array, type, sink));
        size += bytes;
        return this;
    }

    @CanIgnoreReturnValue
    private Protobuf length(int field, long bytes) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        return varint(bytes);
    }

    /** Adds a varint: 7 bits in each byte, the lowest first; the eighth bit is set in all bytes except the last. */
    @CanIgnoreReturnValue
    private Protobuf varint(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
        return bytes(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    @CanIgnoreReturnValue
    private Protobuf bytes(byte[] bytes) {
        parts.add(sink -> sink.take(ByteBuffer.wrap(bytes)));
        size += bytes.length;
        return this;
    }

    /** Writes all fields. */
    void write(OutputStream stream) throws IOException {
        for (Part part : parts) {
            part.write(bytes -> stream.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()));
        }
    }
}
