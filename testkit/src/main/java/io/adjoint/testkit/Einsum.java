package io.adjoint.testkit;

import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;

/**
 * An equation of Einstein's summation convention, such as {@code ij,jk->ik}, with shapes that fit it.
 *
 * @param equation the labels of each input's axes, and of the result's
 * @param inputs a shape for each input
 * @param result the shape of the result
 */
public record Einsum(String equation, List<Shape> inputs, Shape result) {
    private static final int MOST_LABELS = 5;
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
        return Tree.arbitrary(random -> draw(random).tree());
    }

    private static Plan draw(Random random) {
        int labels = 1 + random.nextInt(MOST_LABELS);
        List<List<Integer>> operands = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int k = 0; k < count; k++) {
            operands.add(IntStream.range(0, random.nextInt(4))
                    .mapToObj(axis -> random.nextInt(labels))
                    .toList());
        }
        List<Integer> used = operands.stream().flatMap(List::stream).distinct().collect(Collectors.toList());
        java.util.Collections.shuffle(used, random);
        List<Integer> output =
                used.stream().filter(label -> random.nextBoolean()).toList();
        List<Integer> dims = IntStream.range(0, labels)
                .mapToObj(label -> 1 + random.nextInt(3))
                .toList();
        return new Plan(operands, output, dims);
    }

    /** An equation whose labels are numbers, and the sizes of the labels. */
    private record Plan(List<List<Integer>> operands, List<Integer> output, List<Integer> dims) {
        Einsum value() {
            List<Shape> shapes = operands.stream().map(this::shape).toList();
            String left = operands.stream().map(Plan::text).collect(Collectors.joining(","));
            return new Einsum(left + "->" + text(output), shapes, shape(output));
        }

        private static String text(List<Integer> labels) {
            return labels.stream()
                    .map(label -> LABELS.substring(label, label + 1))
                    .collect(Collectors.joining());
        }

        private Shape shape(List<Integer> labels) {
            return Shape.of(labels.stream().mapToInt(dims::get).toArray());
        }

        Tree<Einsum> tree() {
            long axes = operands.stream().mapToLong(List::size).sum();
            long names = operands.stream()
                    .flatMap(List::stream)
                    .mapToLong(label -> label)
                    .sum();
            long[] elements = ShapeTree.distance(value().inputs());
            long sum = dims.stream().mapToLong(length -> length).sum();
            return new Tree<>(
                    this::value,
                    new long[] {operands.size(), axes, output.size(), elements[0], names, sum},
                    () -> smaller().map(Plan::tree));
        }

        private Stream<Plan> smaller() {
            List<Plan> smaller = new ArrayList<>();
            for (int k = 0; k < operands.size() && operands.size() > 1; k++) {
                smaller.add(of(without(operands, k)));
            }
            for (int label = 0; label < dims.size(); label++) {
                int gone = label;
                smaller.add(of(operands.stream()
                        .map(operand ->
                                operand.stream().filter(other -> other != gone).toList())
                        .toList()));
            }
            for (int k = 0; k < operands.size(); k++) {
                for (int axis = 0; axis < operands.get(k).size(); axis++) {
                    List<List<Integer>> fewer = new ArrayList<>(operands);
                    fewer.set(k, without(operands.get(k), axis));
                    smaller.add(of(fewer));
                }
            }
            for (int k = 0; k < output.size(); k++) {
                smaller.add(new Plan(operands, without(output, k), dims));
            }
            for (int label = 0; label < dims.size(); label++) {
                for (int length = 1; length < dims.get(label); length++) {
                    List<Integer> less = new ArrayList<>(dims);
                    less.set(label, length);
                    smaller.add(new Plan(operands, output, less));
                }
                if (label > 0) {
                    smaller.add(renamed(label, label - 1));
                }
            }
            return smaller.stream();
        }

        /** The equation with fewer labels of operands; the output keeps the labels that some operand still has. */
        private Plan of(List<List<Integer>> fewer) {
            return new Plan(
                    fewer,
                    output.stream()
                            .filter(label -> fewer.stream().anyMatch(operand -> operand.contains(label)))
                            .toList(),
                    dims);
        }

        /** The equation with two labels exchanged. */
        private Plan renamed(int a, int b) {
            List<Integer> exchanged = new ArrayList<>(dims);
            exchanged.set(a, dims.get(b));
            exchanged.set(b, dims.get(a));
            return new Plan(
                    operands.stream().map(operand -> renamed(operand, a, b)).toList(),
                    renamed(output, a, b),
                    exchanged);
        }

        private static List<Integer> renamed(List<Integer> labels, int a, int b) {
            return labels.stream()
                    .map(label -> label == a ? b : label == b ? a : label)
                    .toList();
        }

        private static <T> List<T> without(List<T> list, int index) {
            return IntStream.range(0, list.size())
                    .filter(k -> k != index)
                    .mapToObj(list::get)
                    .toList();
        }
    }

    /** The labels of each input's axes. */
    public List<String> labels() {
        return Arrays.asList(equation.substring(0, equation.indexOf("->")).split(",", -1));
    }
}
