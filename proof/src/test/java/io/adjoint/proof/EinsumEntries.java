package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Einsum;
import io.adjoint.testkit.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** The entries of {@link LinalgFamily} for einsum. */
final class EinsumEntries {
    private static final Tensor VECTOR = Tensor.of(1, 2, 3, 4);

    private EinsumEntries() {}

    static List<Entry> all() {
        return List.of(einsum(), batchedEinsum());
    }

    private static Entry einsum() {
        return entry("einsum", (t, equation) -> Tensor.einsum(text(equation), t))
                .shapes(Einsum.any().map(Einsum::inputs))
                .arguments(EinsumEntries::equations)
                .reference((t, equation) -> einsum(text(equation), t))
                .order(3)
                .covering("einsum(String,Tensor[])")
                .fails(
                        "a number of axes",
                        x -> Tensor.einsum("ijk->i", x),
                        "einsum: 'ijk->i' … 'ijk' names 3 axes … operand 0 has 2: [2, 3]")
                .fails(
                        "sizes",
                        x -> Tensor.einsum("ij,jk", x, x),
                        "einsum: 'ij,jk' … label j has 3 and 2 … [2, 3], [2, 3]")
                .fails("a diagonal", x -> Tensor.einsum("ii", x), "einsum: 'ii' … label i has 2 and 3 … [2, 3]")
                .fails(
                        "too few operands",
                        x -> Tensor.einsum("ij,jk->ik", x),
                        "einsum: 'ij,jk->ik' … 2 operands … 1 were given")
                .rejects("no operand", x -> Tensor.einsum("->"), "at least one operand")
                .fails(
                        "a label that is only in the output",
                        x -> Tensor.einsum("ij->iz", x),
                        "einsum: 'ij->iz', position 5 … z is in no operand")
                .fails(
                        "an output with a label twice",
                        x -> Tensor.einsum("ij->ii", x),
                        "einsum: 'ij->ii', position 5 … label i twice")
                .fails(
                        "something else than a letter",
                        x -> Tensor.einsum("i2->i", x),
                        "einsum: 'i2->i', position 1 … '2' is no label")
                .fails(
                        "two ellipses",
                        x -> Tensor.einsum("...i...", x),
                        "einsum: '...i...', position 4 … second ellipsis")
                .rejects("too few axes for an ellipsis", x -> Tensor.einsum("ij...k", x), "3 axes besides ...")
                .fails("two arrows", x -> Tensor.einsum("ij->i->j", x), "einsum: 'ij->i->j', position 5 … '-'")
                .fails(
                        "axes of an ellipsis that do not broadcast",
                        x -> Tensor.einsum("...,...", x, VECTOR),
                        "axis -1 of ... has 3 and 4")
                .rejects("two dtypes", x -> Tensor.einsum("ij,ij", x, x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32")
                .rejects("INT32 elements", x -> Tensor.einsum("ij", x.to(DType.INT32)), "INT32");
    }

    private static String text(int... characters) {
        return new String(characters, 0, characters.length);
    }

    /**
     * Draws einsum equations for inputs of the given shapes: axes of one size may get one label, and any of the labels are in the output.
     */
    private static Arbitrary<int[]> equations(List<Shape> shapes) {
        return Arbitraries.randomValue(random -> {
            Map<Integer, List<Character>> ofSize = new HashMap<>();
            String left = shapes.stream()
                    .map(shape -> Arrays.stream(shape.toArray())
                            .mapToObj(size -> label(ofSize, size, random))
                            .collect(Collectors.joining()))
                    .collect(Collectors.joining(","));
            List<String> output = left.chars()
                    .filter(Character::isLetter)
                    .distinct()
                    .filter(label -> random.nextBoolean())
                    .mapToObj(label -> String.valueOf((char) label))
                    .collect(Collectors.toCollection(ArrayList::new));
            java.util.Collections.shuffle(output, random);
            String right = random.nextInt(5) == 0 ? "" : " -> " + String.join("", output);
            return (left + right).chars().toArray();
        });
    }

    private static String label(Map<Integer, List<Character>> ofSize, int length, Random random) {
        List<Character> known = ofSize.computeIfAbsent(length, any -> new ArrayList<>());
        int choice = random.nextInt(known.size() + 1);
        if (choice == known.size()) {
            int number = ofSize.values().stream().mapToInt(List::size).sum();
            known.add((char) ((number % 2 == 0 ? 'a' : 'A') + number));
        }
        return String.valueOf(known.get(choice));
    }

    /** Computes einsum by a loop over all values of all labels; ellipses are not supported. */
    static NdArray einsum(String equation, NdArray... operands) {
        String[] halves = equation.replace(" ", "").split("->", -1);
        String[] terms = halves[0].split(",", -1);
        String output = halves.length == 2 ? halves[1] : once(halves[0]);
        List<Integer> labels =
                halves[0].chars().filter(Character::isLetter).distinct().boxed().toList();
        int[] ranges = new int[labels.size()];
        for (int k = 0; k < terms.length; k++) {
            for (int axis = 0; axis < terms[k].length(); axis++) {
                ranges[labels.indexOf((int) terms[k].charAt(axis))] =
                        operands[k].shape().dim(axis);
            }
        }
        List<int[]> all = new ArrayList<>();
        Reference.build(Shape.of(ranges), index -> {
            all.add(index);
            return 0;
        });
        Shape shape = Shape.of(
                output.chars().map(label -> ranges[labels.indexOf(label)]).toArray());
        return Reference.build(
                shape,
                index -> all.stream()
                        .filter(values -> Arrays.equals(index, at(output, labels, values)))
                        .mapToDouble(values -> IntStream.range(0, terms.length)
                                .mapToDouble(k -> operands[k].get(at(terms[k], labels, values)))
                                .reduce(1, (a, b) -> a * b))
                        .sum());
    }

    private static String once(String labels) {
        return labels.chars()
                .filter(label -> Character.isLetter(label) && labels.indexOf(label) == labels.lastIndexOf(label))
                .sorted()
                .mapToObj(label -> String.valueOf((char) label))
                .collect(Collectors.joining());
    }

    private static int[] at(String term, List<Integer> labels, int... values) {
        return term.chars().map(label -> values[labels.indexOf(label)]).toArray();
    }

    private static Entry batchedEinsum() {
        return entry("einsum (...)", t -> Tensor.einsum("...ij, ...jk -> ...ki", t))
                .shapes("(...,n,k),(...,k,m)->(...,m,n)")
                .dims(1, 2)
                .axes(0, 1)
                .reference((t, arguments) ->
                        NaiveMatrices.product(t[0], t[1]).transpose().copy())
                .order(3)
                .covering("einsum(String,Tensor[])")
                .rejects(
                        "batches that do not broadcast",
                        x -> Tensor.einsum("...i,...i->...", x, x.reshape(3, 2).broadcastTo(Shape.of(4, 3, 2))),
                        "axis -1 of ... has 2 and 3")
                .rejects("an incomplete ellipsis", x -> Tensor.einsum("..i", x), "position 0 … '.'")
                .rejects("INT32 elements", x -> Tensor.einsum("...", x.to(DType.INT32)), "INT32");
    }
}
