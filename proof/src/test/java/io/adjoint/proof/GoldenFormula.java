package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Evaluates the formulas of the golden file, such as {@code sin(sin(x)+sin(x))}, {@code y=x^2; y+y^3}, and
 * {@code 8x: t -> 0.5 t + 0.5 sin t}, a step that is repeated 8 times. The inputs are x, y and z. The sign of a product and the brackets of
 * a function's argument may be left out.
 */
final class GoldenFormula {
    private final String text;
    private final Map<String, Tensor> values;
    private int at;

    private GoldenFormula(String text, Map<String, Tensor> values) {
        this.text = text;
        this.values = values;
    }

    static Tensor value(String text, Tensor... inputs) {
        if (text.matches("\\d+x:\\s*\\w+\\s*->.*")) {
            String variable =
                    text.substring(text.indexOf(':') + 1, text.indexOf("->")).strip();
            String step = text.substring(text.indexOf("->") + 2);
            Tensor value = inputs[0];
            for (int k = Integer.parseInt(text.substring(0, text.indexOf('x'))); k > 0; k--) {
                value = value(step, new HashMap<>(Map.of(variable, value)));
            }
            return value;
        }
        Map<String, Tensor> values = new HashMap<>();
        for (int k = 0; k < inputs.length; k++) {
            values.put("xyz".substring(k, k + 1), inputs[k]);
        }
        String[] parts = text.split(";", 0);
        for (int k = 0; k < parts.length - 1; k++) {
            String[] sides = parts[k].split("=", 2);
            values.put(sides[0].strip(), value(sides[1], values));
        }
        return value(parts[parts.length - 1], values);
    }

    private static Tensor value(String text, Map<String, Tensor> values) {
        GoldenFormula formula = new GoldenFormula(text, values);
        Tensor value = formula.sum();
        if (formula.at < text.length()) {
            throw new IllegalArgumentException("formula: no operator at " + formula.at + " of " + text);
        }
        return value;
    }

    private char next() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() ? text.charAt(at) : ';';
    }

    private boolean skip(char character) {
        boolean found = next() == character;
        at += found ? 1 : 0;
        return found;
    }

    private Tensor sum() {
        Tensor value = product();
        while (next() == '+' || next() == '-') {
            value = skip('+') ? value.add(product()) : minus(value);
        }
        return value;
    }

    private Tensor minus(Tensor value) {
        skip('-');
        return value.sub(product());
    }

    private Tensor product() {
        if (skip('-')) {
            return product().neg();
        }
        Tensor value = power();
        while (next() == '*' || next() == '/' || next() == '(' || Character.isLetterOrDigit(next())) {
            value = skip('/') ? value.div(power()) : times(value);
        }
        return value;
    }

    private Tensor times(Tensor value) {
        skip('*');
        return value.mul(power());
    }

    private Tensor power() {
        Tensor value = factor();
        if (!skip('^')) {
            return value;
        }
        boolean negative = skip('-');
        String digits = word("[0-9.]");
        return digits.isEmpty()
                ? value.pow(negative ? factor().neg() : factor())
                : value.pow((negative ? -1 : 1) * Double.parseDouble(digits));
    }

    private Tensor factor() {
        if (skip('(')) {
            Tensor value = sum();
            skip(')');
            return value;
        }
        String digits = word("[0-9.]");
        if (!digits.isEmpty()) {
            return Tensor.scalar(Double.parseDouble(digits));
        }
        String name = word("[a-zA-Z0-9_]");
        Tensor value = values.get(name);
        return value != null ? value : call(name, factor());
    }

    private static Tensor call(String name, Tensor x) {
        return switch (name) {
            case "sin" -> x.sin();
            case "cos" -> x.cos();
            case "exp" -> x.exp();
            case "log" -> x.log();
            case "tanh" -> x.tanh();
            case "sqrt" -> x.sqrt();
            case "sigmoid" -> x.sigmoid();
            case "relu" -> x.relu();
            case "abs" -> x.abs();
            case "sum" -> x.sum();
            default -> throw new IllegalArgumentException("formula: no such function, " + name);
        };
    }

    private String word(String letters) {
        next();
        int from = at;
        while (at < text.length() && text.substring(at, at + 1).matches(letters)) {
            at++;
        }
        return text.substring(from, at);
    }
}
