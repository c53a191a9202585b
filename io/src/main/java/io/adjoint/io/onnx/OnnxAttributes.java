package io.adjoint.io.onnx;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The attributes of a node by name: numbers, texts, lists of numbers and lists of texts. */
final class OnnxAttributes {
    /** The ONNX type of an attribute, its value, and its Protocol Buffers message. */
    private record Attribute(String type, Object value, Protobuf message) {}

    private final Map<String, Attribute> attributes = new LinkedHashMap<>();
    /** The names of the attributes that the node's computation on the example has read. */
    private final Set<String> read = new TreeSet<>();

    // ---- writing ----

    void integer(String name, long value) {
        put(name, "int", value, 2, new Protobuf().integer(3, value));
    }

    void integers(String name, int... values) {
        Protobuf content = new Protobuf();
        Arrays.stream(values).forEach(value -> content.integer(8, value));
        put(name, "ints", values.clone(), 7, content);
    }

    void real(String name, float value) {
        put(name, "float", value, 1, new Protobuf().real(2, value));
    }

    void text(String name, String value) {
        put(name, "string", value, 3, new Protobuf().text(4, value));
    }

    void texts(String name, List<String> values) {
        Protobuf content = new Protobuf();
        values.forEach(value -> content.text(9, value));
        put(name, "strings", List.copyOf(values), 8, content);
    }

    private void put(String name, String type, Object value, int kind, Protobuf content) {
        attributes.put(
                name,
                new Attribute(
                        type,
                        value,
                        new Protobuf().text(1, name).append(content).integer(20, kind)));
    }

    void writeTo(Protobuf node) {
        attributes.values().forEach(attribute -> node.message(5, attribute.message()));
    }

    // ---- reading ----

    Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        attributes.forEach((name, attribute) -> types.put(name, attribute.type()));
        return types;
    }

    void markRead(String name) {
        read.add(name);
    }

    /** The names of the attributes that the node's computation on the example has not read. */
    Set<String> unread() {
        Set<String> names = new TreeSet<>(attributes.keySet());
        names.removeAll(read);
        return names;
    }

    int integerOr(String name, int otherwise) {
        return ((Number) value(name, otherwise)).intValue();
    }

    int[] integersOr(String name, int... otherwise) {
        return (int[]) value(name, otherwise);
    }

    double realOr(String name, double otherwise) {
        return ((Number) value(name, otherwise)).doubleValue();
    }

    String textOr(String name, String otherwise) {
        return (String) value(name, otherwise);
    }

    @SuppressWarnings("unchecked") // only texts() puts a list, and its elements are strings
    List<String> textsOr(String name, List<String> otherwise) {
        return (List<String>) value(name, otherwise);
    }

    private Object value(String name, Object otherwise) {
        read.add(name);
        Attribute attribute = attributes.get(name);
        return attribute == null ? otherwise : attribute.value();
    }
}
