package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * The inputs that an operation is tried with.
 *
 * @param inputs its tensors, none of which requires a gradient
 * @param arguments the integer arguments of the operation: axes, sizes, indices
 * @param result the shape that the value must have, if it is known
 * @param names the variables of {@link #toString()}, one for each input, if the reader knows the arguments without it; empty for
 *     {@code a}, {@code b} and so on, and the arguments
 */
public record Case(List<Tensor> inputs, List<Integer> arguments, Optional<Shape> result, List<String> names) {
    /** Copies the lists. */
    public Case {
        inputs = List.copyOf(inputs);
        arguments = List.copyOf(arguments);
        names = List.copyOf(names);
    }

    /** A case of tensors alone. */
    public static Case of(Tensor... inputs) {
        return new Case(List.of(inputs), List.of(), Optional.empty(), List.of());
    }

    /** A copy with new arrays, which a check may change. */
    Case copy() {
        return with(inputs.stream().map(Literals::copy).toList());
    }

    /** A case of other inputs of the same shapes. */
    Case with(List<Tensor> others) {
        return new Case(others, arguments, result, names);
    }

    /** A copy with new contiguous arrays. */
    Case contiguous() {
        return with(inputs.stream().map(input -> Tensor.of(input.data().copy())).toList());
    }

    /** The shapes of the inputs, as {@code [2, 3], [3]}. */
    public String shapes() {
        return inputs.stream().map(input -> input.shape().toString()).collect(Collectors.joining(", "));
    }

    Tensor[] tensors() {
        return inputs.toArray(new Tensor[0]);
    }

    int[] integers() {
        return arguments.stream().mapToInt(argument -> argument).toArray();
    }

    /** Java that creates the inputs again. */
    @Override
    public String toString() {
        StringJoiner lines = new StringJoiner("\n");
        for (int k = 0; k < inputs.size(); k++) {
            lines.add("Tensor " + name(k) + " = " + Literals.of(inputs.get(k)) + ";");
        }
        if (names.isEmpty() && !arguments.isEmpty()) {
            lines.add("int[] arguments = {" + Arrays.toString(integers()).replaceAll("[\\[\\]]", "") + "};");
        }
        return lines.toString();
    }

    private String name(int input) {
        return !names.isEmpty()
                ? names.get(input)
                : inputs.size() == 1 ? "x" : inputs.size() <= 3 ? String.valueOf("abc".charAt(input)) : "x" + input;
    }
}
