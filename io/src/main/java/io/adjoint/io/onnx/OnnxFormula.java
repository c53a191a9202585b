package io.adjoint.io.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Adds the nodes of a formula of the resource {@code onnx-operations.txt}. */
final class OnnxFormula {
    private final OnnxOperations.Call call;
    private final String text;
    private int at;

    private OnnxFormula(OnnxOperations.Call call, String text) {
        this.call = call;
        this.text = text;
    }

    static OnnxValue add(OnnxOperations.Call call, String formula) {
        return Objects.requireNonNull(new OnnxFormula(call, formula).value());
    }

    private @Nullable OnnxValue value() {
        if (text.charAt(at) == '[') {
            at++;
            String name = word();
            at++;
            return call.graph().integers(name.equals("axes") ? call.axes() : new int[] {call.axis()});
        }
        String word = word();
        List<OnnxValue> inputs = call.inputs();
        return switch (word) {
            case "x" -> inputs.get(0);
            case "y" -> inputs.size() > 1 ? inputs.get(1) : call.firstNumber();
            case "z" -> inputs.size() > 2 ? inputs.get(2) : null;
            default -> {
                if (at < text.length() && text.charAt(at) == '(') {
                    yield node(word);
                }
                yield Character.isDigit(word.charAt(0))
                        ? call.constant(Double.parseDouble(word))
                        : call.attributes().containsKey(word) ? call.constant(call.real(word)) : null;
            }
        };
    }

    private OnnxValue node(String type) {
        OnnxNode node = call.op(type);
        List<@Nullable OnnxValue> inputs = new ArrayList<>();
        while (text.charAt(at) != ')') {
            at += text.charAt(at) == '(' ? 1 : 2;
            int from = at;
            String name = word();
            if (text.charAt(at) == '=') {
                at++;
                put(node, type, name, word());
            } else {
                at = from;
                inputs.add(value());
            }
        }
        at++;
        return node.of(inputs.toArray(new OnnxValue[0]));
    }

    private void put(OnnxNode node, String type, String name, String value) {
        Map<String, String> types = OnnxSchemas.attributes(type);
        if (value.equals("axes")) {
            node.integers(name, call.axes());
            return;
        }
        double number = value.equals("keep")
                ? call.keeps() ? 1 : 0
                : value.equals("axis")
                        ? call.axis()
                        : Character.isDigit(value.charAt(0)) ? Double.parseDouble(value) : call.real(value);
        if ("float".equals(types.get(name))) {
            node.real(name, number);
        } else {
            node.integer(name, (long) number);
        }
    }

    /** The letters, digits and points from the present position on. */
    private String word() {
        int from = at;
        while (at < text.length() && "(),=] ".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }
}
