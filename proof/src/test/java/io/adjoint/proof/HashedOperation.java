package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Case;
import io.adjoint.testkit.Operation;
import io.adjoint.testkit.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;

/**
 * A call of an operation of the catalogue whose bits are hashed. The file of hashes lists its shapes and arguments; the elements are drawn
 * by the library's own generator from the operation's domain, so that a hash depends only on the operation and its domain.
 *
 * @param operation an operation of the catalogue
 * @param shapes the shapes of the operation's inputs
 * @param arguments the numbers that are arguments of the call
 */
record HashedOperation(Operation operation, List<Shape> shapes, List<Integer> arguments) {
    /** A number of elements so large that two good algorithms round some of them differently. */
    private static final int MANY = 4096;

    /** Shapes to recognize an elementwise operation, whose result has the shape of its inputs for each of them. */
    private static final List<Shape> ANY = List.of(Shape.of(37), Shape.of(5, 7), Shape.of(2, 3, 4));

    private static final int CASES = 2;
    private static final int CANDIDATES = 20;
    private static final Pattern SEPARATOR = Pattern.compile("\\s*;\\s*");

    // ---- the text in the file ----

    static HashedOperation parse(Operation operation, String shapes, String arguments) {
        return new HashedOperation(
                operation,
                split(shapes).map(HashedOperation::shape).toList(),
                split(arguments).map(Integer::valueOf).toList());
    }

    private static Stream<String> split(String text) {
        return SEPARATOR.splitAsStream(text.strip()).filter(part -> !part.isEmpty());
    }

    private static Shape shape(String text) {
        String sizes = text.substring(1, text.length() - 1);
        return Shape.of(Arrays.stream(sizes.split(",", -1))
                .map(String::strip)
                .filter(size -> !size.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray());
    }

    /** The line in the file: the operation, the shapes, the arguments, and the hashes in FLOAT64 and FLOAT32. */
    String line() {
        return String.join(
                " | ",
                operation.name(),
                shapes.stream().map(Shape::toString).collect(Collectors.joining("; ")),
                arguments.stream().map(String::valueOf).collect(Collectors.joining("; ")),
                hash(DType.FLOAT64),
                hash(DType.FLOAT32));
    }

    // ---- choosing ----

    /**
     * Chooses calls of an operation that the file lacks: one with many elements if the operation is elementwise, and two of the testkit's
     * cases.
     */
    static List<HashedOperation> choose(Operation operation, boolean isOfNumbers) {
        RandomGenerator<Case> cases = operation.cases().generator(1000);
        Random random = new Random(operation.name().hashCode());
        List<HashedOperation> some = Stream.generate(() -> cases.next(random).value())
                .limit(CANDIDATES)
                .map(drawn -> new HashedOperation(
                        operation, drawn.inputs().stream().map(Tensor::shape).toList(), drawn.arguments()))
                .toList();
        int inputs = some.get(0).shapes().size();
        List<HashedOperation> chosen = new ArrayList<>();
        if (isOfNumbers
                && some.get(0).arguments().isEmpty()
                && ANY.stream().allMatch(shape -> of(operation, inputs, shape).keepsItsShape())) {
            chosen.add(of(operation, inputs, Shape.of(MANY)));
        }
        some.stream()
                .filter(HashedOperation::works)
                .distinct()
                .sorted(Comparator.comparing((HashedOperation one) ->
                                one.shapes().stream().mapToInt(Shape::size).sum())
                        .reversed())
                .limit(CASES)
                .forEach(chosen::add);
        return chosen;
    }

    private static HashedOperation of(Operation operation, int inputs, Shape shape) {
        return new HashedOperation(operation, Collections.nCopies(inputs, shape), List.of());
    }

    private boolean keepsItsShape() {
        try {
            Tensor output = operation.apply(inputs(DType.FLOAT64).toArray(new Tensor[0]));
            return output.shape().equals(shapes.get(0));
        } catch (RuntimeException e) {
            return false;
        }
    }

    private boolean works() {
        return !hash(DType.FLOAT64).contains("Exception");
    }

    // ---- hashing ----

    /** The hash of the value and the gradients with floating inputs of this dtype; the class of the exception if one is thrown. */
    private String hash(DType dtype) {
        List<Tensor> inputs = inputs(dtype);
        try {
            Tensor output = operation.apply(
                    inputs.toArray(new Tensor[0]),
                    arguments.stream().mapToInt(number -> number).toArray());
            Digest digest = new Digest().add(output);
            if (output.requiresGrad()) {
                output.backward(Tensor.randn(
                        output.dtype(),
                        output.shape(),
                        new Generator(operation.name().hashCode())));
                for (Tensor input : inputs) {
                    Tensor gradient = input.grad();
                    if (gradient == null) {
                        digest.addNone();
                    } else {
                        digest.add(gradient);
                    }
                }
            }
            return digest.text();
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName();
        }
    }

    private List<Tensor> inputs(DType dtype) {
        Generator generator = new Generator(operation.name().hashCode() + 31L * shapes.hashCode());
        List<Tensor> inputs = new ArrayList<>();
        for (int k = 0; k < shapes.size(); k++) {
            Values values =
                    operation.values().get(Math.min(k, operation.values().size() - 1));
            NdArray drawn = NdArray.of(shapes.get(k), draw(values, shapes.get(k).size(), generator))
                    .to(values.dtype());
            boolean isFloating = values.dtype().isFloating();
            inputs.add(Tensor.of(isFloating ? drawn.to(dtype) : drawn).requiresGrad(isFloating));
        }
        return inputs;
    }

    /** Draws elements uniformly from the domain, but every fourth from the domain's part between −1 and 1 if there is one. */
    private static double[] draw(Values values, int n, Generator generator) {
        double[] drawn = new double[n];
        double[] cells =
                values.isDistinct() ? Tensor.permutation(n, generator).data().toDoubleArray() : drawn;
        double width = values.max() - values.min();
        for (int k = 0; k < n; k++) {
            double low = values.min();
            double high = values.max();
            if (k % 4 == 3 && low < 1 && high > -1) {
                low = Math.max(low, -1);
                high = Math.min(high, 1);
            }
            int attempts = 0;
            do {
                double unit = generator.nextDouble();
                double number = values.isDistinct()
                        ? values.min() + (cells[k] + (1 + unit) / 3) / n * width
                        : low + unit * (high - low);
                drawn[k] = values.dtype().isFloating() ? number : Math.rint(number);
            } while (!values.contains(drawn[k]) && attempts++ < 1000);
        }
        return drawn;
    }
}
