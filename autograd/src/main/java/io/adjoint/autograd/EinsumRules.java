package io.adjoint.autograd;

import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sums of products in Einstein's notation. Operands are contracted from the left, two at a time: one matrix product sums over the labels
 * that neither the output nor a later operand has. All operations used are differentiable, so einsum needs no backward rule of its own.
 */
final class EinsumRules {
    private static final String ELLIPSIS = "...";

    /**
     * A tensor with a label for each axis: the code point of a letter, or, for the axes of {@code ...}, a negative number from −1 (the last
     * axis) down.
     */
    private record Labelled(Tensor tensor, List<Integer> labels) {
        int size(int label) {
            return tensor.shape().dim(labels.indexOf(label));
        }

        boolean has(int label) {
            return labels.contains(label);
        }
    }

    private final String equation;

    private EinsumRules(String equation) {
        this.equation = equation;
    }

    static Tensor of(String equation, List<Tensor> operands) {
        if (operands.isEmpty()) {
            throw new IllegalArgumentException("einsum: '" + equation + "' needs at least one operand, got none");
        }
        LinalgRules.requireFloating("einsum", operands.toArray(new Tensor[0]));
        return new EinsumRules(equation).evaluate(operands);
    }

    // ---- reading the equation ----

    private Tensor evaluate(List<Tensor> operands) {
        int arrow = equation.indexOf("->");
        String left = arrow < 0 ? equation : equation.substring(0, arrow);
        String[] terms = left.split(",", -1);
        if (terms.length != operands.size()) {
            throw new IllegalArgumentException("einsum: '" + equation + "' is for " + terms.length + " operands, but "
                    + operands.size() + " were given");
        }
        List<Labelled> labelled = new ArrayList<>();
        for (int k = 0, at = 0; k < terms.length; at += terms[k].length() + 1, k++) {
            labelled.add(labelled(k, operands.get(k), terms[k], at));
        }
        checkSizes(labelled);
        List<Integer> output = arrow < 0 ? implicitOutput(labelled) : output(labelled, arrow + 2);
        List<Labelled> plain =
                labelled.stream().map(EinsumRules::withoutRepetition).collect(Collectors.toCollection(ArrayList::new));
        Labelled result = plain.remove(0);
        while (!plain.isEmpty()) {
            Labelled next = plain.remove(0);
            Set<Integer> needed = new HashSet<>(output);
            plain.forEach(operand -> needed.addAll(operand.labels));
            result = contract(result, next, needed);
        }
        return arranged(summed(result, label -> !output.contains(label)), output);
    }

    private Labelled labelled(int number, Tensor operand, String term, int at) {
        Shape shape = operand.shape();
        long letters = term.chars().filter(EinsumRules::isLetter).count();
        boolean open = term.contains(ELLIPSIS);
        List<Integer> labels = labels(term, at, Math.max(0, shape.rank() - (int) letters));
        if (open ? shape.rank() < letters : shape.rank() != letters) {
            throw new ShapeException("einsum: '" + equation + "': '" + term.strip() + "' names " + letters + " axes"
                    + (open ? " besides ..." : "") + ", but operand " + number + " has " + shape.rank() + ": " + shape);
        }
        for (int axis = 0; axis < labels.size(); axis++) {
            int first = labels.indexOf(labels.get(axis));
            if (shape.dim(axis) != shape.dim(first)) {
                throw new ShapeException("einsum: '" + equation + "': " + name(labels.get(axis)) + " has "
                        + shape.dim(first) + " and " + shape.dim(axis) + " elements in operand " + number + " of shape "
                        + shape);
            }
        }
        return new Labelled(operand, labels);
    }

    /**
     * The labels of one term, which begins at the position {@code at} of the equation, and whose ellipsis stands for {@code ellipsis} axes.
     */
    private List<Integer> labels(String term, int at, int ellipsis) {
        List<Integer> labels = new ArrayList<>();
        boolean open = false;
        for (int k = 0; k < term.length(); k++) {
            char c = term.charAt(k);
            if (isLetter(c)) {
                labels.add((int) c);
            } else if (term.startsWith(ELLIPSIS, k) && !open) {
                open = true;
                k += ELLIPSIS.length() - 1;
                IntStream.rangeClosed(-ellipsis, -1).forEach(labels::add);
            } else if (!Character.isWhitespace(c)) {
                throw problem(
                        "'" + c + "' is " + (open && c == '.' ? "a second ellipsis" : "no label")
                                + "; expected letters, at most one ... an operand, ',' and '->'",
                        at + k);
            }
        }
        return labels;
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Checks that all axes of a label have one size, apart from axes of size 1, which broadcast. */
    private void checkSizes(List<Labelled> operands) {
        TreeMap<Integer, Integer> dims = new TreeMap<>();
        for (Labelled operand : operands) {
            for (int axis = 0; axis < operand.labels.size(); axis++) {
                int label = operand.labels.get(axis);
                int size = operand.tensor.shape().dim(axis);
                int other = dims.getOrDefault(label, 1);
                if (size != other && size != 1 && other != 1) {
                    throw new ShapeException(
                            "einsum: '" + equation + "': " + name(label) + " has " + other + " and " + size
                                    + " elements in operands of shapes "
                                    + operands.stream()
                                            .map(each -> each.tensor.shape().toString())
                                            .collect(Collectors.joining(", ")));
                }
                dims.put(label, size == 1 ? other : size);
            }
        }
    }

    private static String name(int label) {
        return label < 0 ? "axis " + label + " of ..." : "label " + (char) label;
    }

    /** The output labels if the equation has no arrow: the axes of the ellipsis, then the letters that occur once, sorted. */
    private static List<Integer> implicitOutput(List<Labelled> operands) {
        TreeMap<Integer, Long> counts = operands.stream()
                .flatMap(operand -> operand.labels.stream())
                .collect(Collectors.groupingBy(label -> label, TreeMap::new, Collectors.counting()));
        return counts.keySet().stream()
                .filter(label -> label < 0 || counts.getOrDefault(label, 0L) == 1)
                .toList();
    }

    private List<Integer> output(List<Labelled> operands, int at) {
        int ellipsis = operands.stream()
                .mapToInt(operand ->
                        (int) operand.labels.stream().filter(label -> label < 0).count())
                .max()
                .orElse(0);
        String term = equation.substring(at);
        List<Integer> output = labels(term, at, ellipsis);
        for (int k = 0; k < term.length(); k++) {
            int label = term.charAt(k);
            if (isLetter(label) && operands.stream().noneMatch(operand -> operand.has(label))) {
                throw problem("the output's label " + (char) label + " is in no operand", at + k);
            }
            if (isLetter(label) && term.indexOf(label) < k) {
                throw problem("the output has the label " + (char) label + " twice", at + k);
            }
        }
        return output;
    }

    private IllegalArgumentException problem(String what, int at) {
        return new IllegalArgumentException("einsum: '" + equation + "', position " + at + ": " + what);
    }

    // ---- computing ----

    /** Replaces the axes of a repeated label by their diagonal. */
    private static Labelled withoutRepetition(Labelled operand) {
        for (int first = 0; first < operand.labels.size(); first++) {
            int label = operand.labels.get(first);
            int second = operand.labels.lastIndexOf(label);
            if (second > first) {
                return withoutRepetition(diagonal(operand, label, first, second));
            }
        }
        return operand;
    }

    private static Labelled diagonal(Labelled operand, int label, int first, int second) {
        List<Integer> labels = new ArrayList<>(operand.labels);
        labels.remove(second);
        labels.remove(first);
        labels.add(label);
        int[] order = IntStream.concat(
                        IntStream.range(0, operand.labels.size()).filter(axis -> axis != first && axis != second),
                        IntStream.of(first, second))
                .toArray();
        return new Labelled(operand.tensor.permute(order).diagonal(-2, -1, 0), labels);
    }

    /** The product of two operands, summed over the labels that are not needed later. */
    private static Labelled contract(Labelled a, Labelled b, Set<Integer> needed) {
        // A label that is not needed later, and that only one operand has or along which the other operand has size 1,
        // is summed over before the product.
        Labelled left = summed(a, label -> !needed.contains(label) && (!b.has(label) || b.size(label) == 1));
        Labelled right = summed(b, label -> !needed.contains(label) && (!left.has(label) || a.size(label) == 1));
        Labelled both = summed(left, label -> !needed.contains(label) && !right.has(label));

        List<Integer> shared = both.labels.stream().filter(right::has).toList();
        List<Integer> batch = shared.stream().filter(needed::contains).toList();
        List<Integer> contracted =
                shared.stream().filter(label -> !needed.contains(label)).toList();
        List<Integer> rows =
                both.labels.stream().filter(label -> !shared.contains(label)).toList();
        List<Integer> columns =
                right.labels.stream().filter(label -> !shared.contains(label)).toList();

        Tensor factor = merged(both, batch, rows, contracted);
        Tensor other = merged(right, batch, contracted, columns);
        Shape whole = productShape(factor.shape(), other.shape());
        // Without contracted labels an elementwise product, which is one loop, replaces a matrix product for each batch
        // entry.
        Tensor product = contracted.isEmpty() ? factor.mul(other) : factor.matmul(other);
        int[] dims = Arrays.copyOf(whole.toArray(), batch.size() + rows.size() + columns.size());
        for (int k = 0; k < rows.size(); k++) {
            dims[batch.size() + k] = both.size(rows.get(k));
        }
        for (int k = 0; k < columns.size(); k++) {
            dims[batch.size() + rows.size() + k] = right.size(columns.get(k));
        }
        List<Integer> labels = new ArrayList<>(batch);
        labels.addAll(rows);
        labels.addAll(columns);
        return new Labelled(product.reshape(Shape.of("einsum", dims)), labels);
    }

    /** The shape of the product of {@code [batch..., rows, contracted]} and {@code [batch..., contracted, columns]}. */
    private static Shape productShape(Shape left, Shape right) {
        int[] rows = left.toArray();
        int[] columns = right.toArray();
        rows[rows.length - 1] = 1;
        columns[columns.length - 2] = 1;
        return Shape.broadcast("einsum", Shape.of("einsum", rows), Shape.of("einsum", columns));
    }

    private static Labelled summed(Labelled operand, IntPredicate gone) {
        int[] axes = IntStream.range(0, operand.labels.size())
                .filter(axis -> gone.test(operand.labels.get(axis)))
                .toArray();
        // An empty list of axes would sum over all axes.
        return axes.length == 0
                ? operand
                : new Labelled(
                        operand.tensor.sum(axes),
                        operand.labels.stream()
                                .filter(label -> !gone.test(label))
                                .toList());
    }

    /** The operand with the batch axes first, then one axis that merges all axes of rows, then one axis that merges all axes of columns. */
    private static Tensor merged(Labelled operand, List<Integer> batch, List<Integer> rows, List<Integer> columns) {
        List<Integer> order = new ArrayList<>(batch);
        order.addAll(rows);
        order.addAll(columns);
        Tensor moved = arranged(operand, order);
        int[] dims = Arrays.copyOf(moved.shape().toArray(), batch.size() + 2);
        dims[batch.size()] = size(operand, rows);
        dims[batch.size() + 1] = size(operand, columns);
        return moved.reshape(Shape.of("einsum", dims));
    }

    private static int size(Labelled operand, List<Integer> labels) {
        return Shape.of("einsum", labels.stream().mapToInt(operand::size).toArray())
                .size();
    }

    private static Tensor arranged(Labelled operand, List<Integer> order) {
        return operand.tensor.permute(
                order.stream().mapToInt(operand.labels::indexOf).toArray());
    }
}
