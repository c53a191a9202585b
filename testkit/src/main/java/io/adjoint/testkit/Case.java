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
 */
public record Case(List<Tensor> inputs, List<Integer> arguments, Optional<Shape> result) {
    /** Copies the lists. */
    public Case {
        inputs = List.copyOf(inputs);
        arguments = List.copyOf(arguments);
    }

    /** A case of tensors alone. */
    public static Case of(Tensor... inputs) {
        return new Case(List.of(inputs), List.of(), Optional.empty());
    }

    /** A copy with new arrays, which a check may change. */
    Case copy() {
        return new Case(inputs.stream().map(Literals::copy).toList(), arguments, result);
    }

    /** A copy with new contiguous arrays. */
    Case contiguous() {
        return new Case(
                inputs.stream().map(input -> Tensor.of(input.data().copy())).toList(), arguments, result);
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
        if (!arguments.isEmpty()) {
            lines.add("int[] arguments = {" + Arrays.toString(integers()).replaceAll("[\\[\\]]", "") + "};");
        }
        return lines.toString();
    }

    private String name(int input) {
        return inputs.size() == 1 ? "x" : inputs.size() <= 3 ? String.valueOf("abc".charAt(input)) : "x" + input;
    }
}
