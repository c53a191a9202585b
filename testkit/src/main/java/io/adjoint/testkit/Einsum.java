package io.adjoint.testkit;

import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * An equation of Einstein's summation convention, such as {@code ij,jk->ik}, with shapes that fit it.
 *
 * @param equation the labels of each input's axes, and of the result's
 * @param inputs a shape for each input
 * @param result the shape of the result
 */
public record Einsum(String equation, List<Shape> inputs, Shape result) {
    private static final String LABELS = "ijklm";

    /** Copies the list. */
    public Einsum {
        inputs = List.copyOf(inputs);
    }

    /**
     * Equations of up to 3 inputs of up to 3 axes with sizes of 1 to 3: with sums, products, traces and diagonals, outer products,
     * permuted results, and inputs without axes.
     */
    public static Arbitrary<Einsum> any() {
        Arbitrary<Integer> label = Arbitraries.integers().between(0, LABELS.length() - 1);
        return Combinators.combine(
                        label.list().ofMaxSize(3).list().ofMinSize(1).ofMaxSize(3),
                        label.list().uniqueElements().ofMaxSize(LABELS.length()),
                        Arbitraries.integers().between(1, 3).list().ofSize(LABELS.length()))
                .as(Einsum::of)
                .withoutEdgeCases();
    }

    /** The equation whose labels are numbers with these sizes; the output has the labels that some operand has, too. */
    private static Einsum of(List<List<Integer>> operands, List<Integer> output, List<Integer> dims) {
        List<Integer> kept = output.stream()
                .filter(label -> operands.stream().anyMatch(operand -> operand.contains(label)))
                .toList();
        return new Einsum(
                operands.stream().map(Einsum::text).collect(Collectors.joining(",")) + "->" + text(kept),
                operands.stream().map(operand -> shape(operand, dims)).toList(),
                shape(kept, dims));
    }

    private static String text(List<Integer> labels) {
        return labels.stream().map(label -> LABELS.substring(label, label + 1)).collect(Collectors.joining());
    }

    private static Shape shape(List<Integer> labels, List<Integer> dims) {
        return Shape.of(labels.stream().mapToInt(dims::get).toArray());
    }

    /** The labels of each input's axes. */
    public List<String> labels() {
        return Arrays.asList(equation.substring(0, equation.indexOf("->")).split(",", -1));
    }
}
