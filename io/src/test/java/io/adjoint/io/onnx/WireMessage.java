package io.adjoint.io.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A message of Protocol Buffers that was read: the values of each field, which are numbers or bytes, by the field's number. */
record WireMessage(Map<Integer, List<Object>> fields) {
    static WireMessage of(byte[] bytes) {
        Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int key = (int) varint(buffer);
            Object value = switch (key & 7) {
                case 0 -> varint(buffer);
                case 2 -> {
                    byte[] content = new byte[(int) varint(buffer)];
                    buffer.get(content);
                    yield content;
                }
                case 5 -> buffer.getFloat();
                default -> throw new AssertionError("wire type " + (key & 7));
            };
            fields.computeIfAbsent(key >> 3, field -> new ArrayList<>()).add(value);
        }
        return new WireMessage(fields);
    }

    private static long varint(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = buffer.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private List<Object> all(int field) {
        return fields.getOrDefault(field, List.of());
    }

    List<Long> numbers(int field) {
        return all(field).stream().map(value -> (Long) value).toList();
    }

    List<Float> reals(int field) {
        return all(field).stream().map(value -> (Float) value).toList();
    }

    List<byte[]> bytes(int field) {
        return all(field).stream().map(value -> (byte[]) value).toList();
    }

    List<String> texts(int field) {
        return bytes(field).stream()
                .map(content -> new String(content, StandardCharsets.UTF_8))
                .toList();
    }

    String text(int field) {
        return texts(field).get(0);
    }

    List<WireMessage> messages(int field) {
        return bytes(field).stream().map(WireMessage::of).toList();
    }

    WireMessage message(int field) {
        return messages(field).get(0);
    }
}
