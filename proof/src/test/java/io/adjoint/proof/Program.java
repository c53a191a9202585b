package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A random composition of smooth operations, for tests of their interplay: shared values, broadcasting, views of views, sums of gradients.
 * A program runs on any inputs: the effect of a step depends on the shapes of its operands. All values stay moderate.
 */
final class Program {
    private static final int LONGEST = 8;

    private final int inputs;
    private final List<Step> steps;

    /** An operation on earlier values; indices that are too large wrap around. */
    record Step(Kind kind, int a, int b, int number) {}

    /** A value of a run, and the Java code that computes the value. */
    private record Line(Tensor value, String code) {}

    private Program(int inputs, List<Step> steps) {
        this.inputs = inputs;
        this.steps = List.copyOf(steps);
    }

    /** Draws a program of up to 3 inputs and 8 steps. */
    static Program draw(Random random) {
        int inputs = 1 + random.nextInt(3);
        int length = 1 + random.nextInt(LONGEST);
        return new Program(
                inputs,
                IntStream.range(0, length)
                        .mapToObj(k -> step(inputs + k, random))
                        .toList());
    }

    private static Step step(int values, Random random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        // The first operand is mostly the latest value, so that few values are unused.
        int a = random.nextInt(3) == 0 ? random.nextInt(values) : values - 1;
        return new Step(kind, a, random.nextInt(values), random.nextInt(12));
    }

    /** The number of tensors that {@link #run} takes. */
    int inputs() {
        return inputs;
    }

    /** The program as an operation, differentiable twice, of inputs that broadcast. */
    Operation operation() {
        return Operation.of("program", tensors -> run(tensors))
                .shapes(String.join(",", Collections.nCopies(inputs, "(...)")))
                .order(2);
    }

    List<Step> steps() {
        return steps;
    }

    /** The value of the last step. */
    Tensor run(Tensor... tensors) {
        return run(Tensor::add, tensors);
    }

    /** Runs the program with another addition instead of the built-in one. */
    Tensor run(BinaryOperator<Tensor> addition, Tensor... tensors) {
        if (tensors.length != inputs) {
            throw new IllegalArgumentException("program: expected " + inputs + " inputs, got " + tensors.length);
        }
        List<Line> lines = lines(addition, tensors);
        return lines.get(lines.size() - 1).value();
    }

    /** The program for inputs of these shapes, in Java. */
    String code(Shape... shapes) {
        Tensor[] tensors = Stream.of(shapes)
                .map(shape -> Tensor.of(NdArray.full(DType.FLOAT64, shape, 0.5)))
                .toArray(Tensor[]::new);
        List<Line> lines = lines(Tensor::add, tensors);
        StringJoiner code = new StringJoiner("\n");
        for (int k = inputs; k < lines.size(); k++) {
            code.add("Tensor " + name(k) + " = " + lines.get(k).code() + ";");
        }
        return code.toString();
    }

    /** The program for scalars, in Java. */
    @Override
    public String toString() {
        Shape[] scalars = new Shape[inputs];
        Arrays.fill(scalars, Shape.scalar());
        return code(scalars);
    }

    private String name(int value) {
        return value < inputs ? "x" + value : "y" + (value - inputs);
    }

    private List<Line> lines(BinaryOperator<Tensor> addition, Tensor... tensors) {
        List<Line> lines = new ArrayList<>();
        for (Tensor tensor : tensors) {
            lines.add(new Line(tensor, ""));
        }
        for (Step step : steps) {
            int a = step.a() % lines.size();
            int b = step.b() % lines.size();
            Tensor left = lines.get(a).value();
            Tensor right = lines.get(b).value();
            lines.add(step.kind().apply(addition, left, right, step.number(), name(a), name(b)));
        }
        return lines;
    }

    /** Computes a value from two operands, of which the second broadcasts to the first, along an axis of the first. */
    @FunctionalInterface
    private interface Rule {
        Tensor of(Tensor x, Tensor y, int axis);
    }

    /** The kinds of operations from which steps are drawn. */
    enum Kind {
        TANH("x.tanh()", (x, y, axis) -> x.tanh()),
        SIGMOID("x.sigmoid()", (x, y, axis) -> x.sigmoid()),
        HALF_SQUARE(
                "x.tanh().square().mul(0.5)", (x, y, axis) -> x.tanh().square().mul(0.5)),
        EXP("x.tanh().exp()", (x, y, axis) -> x.tanh().exp()),
        SOFTPLUS(
                "x.exp().add(1).log().sigmoid()",
                (x, y, axis) -> x.exp().add(1).log().sigmoid()),
        ADD("x.add(y)", (x, y, axis) -> x.add(y)),
        SUB("x.sub(y)", (x, y, axis) -> x.sub(y)),
        MUL("x.tanh().mul(y)", (x, y, axis) -> x.tanh().mul(y)),
        DIV("x.div(y.square().add(1))", (x, y, axis) -> x.div(y.square().add(1))),
        SUM(
                "x.sum(Dims.KEEP, axis).tanh()",
                (x, y, axis) -> x.sum(Dims.KEEP, axis).tanh()),
        MEAN("x.mean(axis)", (x, y, axis) -> x.mean(axis)),
        SOFTMAX("x.softmax(axis)", (x, y, axis) -> x.softmax(axis)),
        LOG_SUM_EXP("x.logSumExp(Dims.KEEP, axis)", (x, y, axis) -> x.logSumExp(Dims.KEEP, axis)),
        TRANSPOSE("x.transpose(0, axis)", (x, y, axis) -> x.transpose(0, axis)),
        FLIP("x.flip(axis)", (x, y, axis) -> x.flip(axis)),
        RESHAPE("x.reshape(-1)", (x, y, axis) -> x.reshape(-1)),
        SLICE(
                "x.slice(axis, from, to)",
                (x, y, axis) -> x.slice(axis, from(x, axis), x.shape().dim(axis))),
        STACK("Tensor.stack(axis, x, x.neg())", (x, y, axis) -> Tensor.stack(axis, x, x.neg())),
        OUTER(
                "x.matmul(x.transpose()).tanh()",
                (x, y, axis) -> x.matmul(x.transpose()).tanh());

        private static final Set<Kind> OF_PAIRS = EnumSet.range(ADD, DIV);
        private static final Set<Kind> ALONG_AXES = EnumSet.range(SOFTMAX, OUTER);

        private final String code;
        private final Rule rule;

        Kind(String code, Rule rule) {
            this.code = code;
            this.rule = rule;
        }

        private static int from(Tensor x, int axis) {
            return x.shape().dim(axis) > 1 ? 1 : 0;
        }

        Line apply(BinaryOperator<Tensor> addition, Tensor a, Tensor b, int number, String x, String y) {
            int rank = a.shape().rank();
            if (OF_PAIRS.contains(this)) {
                boolean fits = b.shape().broadcastsTo(a.shape());
                Tensor other = fits ? b : b.mean();
                return new Line(
                        this == ADD ? addition.apply(a, other) : rule.of(a, other, 0),
                        code(x, fits ? y : y + ".mean()"));
            }
            if (rank == 0 && (this == SUM || this == MEAN)) {
                return this == SUM ? new Line(a.sum(), x + ".sum()") : new Line(a.mean(), x + ".mean()");
            }
            if (rank == 0 && ALONG_AXES.contains(this)) {
                return TANH.apply(addition, a, b, number, x, y);
            }
            if (rank == 3 && this == STACK) {
                return new Line(a.neg(), x + ".neg()");
            }
            int axis = rank == 0 ? 0 : number % rank;
            String ofNames = code(x, y).replace("axis", Integer.toString(axis));
            return new Line(
                    rule.of(a, b, axis),
                    this == SLICE
                            ? ofNames.replace("from", Integer.toString(from(a, axis)))
                                    .replace("to", Integer.toString(a.shape().dim(axis)))
                            : ofNames);
        }

        /** The code with the names of the operands. */
        private String code(String x, String y) {
            return code.replaceAll("\\bx\\b", x).replaceAll("\\by\\b", y);
        }
    }
}
