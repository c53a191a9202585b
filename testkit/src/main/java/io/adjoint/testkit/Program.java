package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;

/**
 * A random composition of smooth operations, for tests of their interplay: shared values, broadcasting, views of views, sums of gradients.
 * A program runs on any inputs: the effect of a step depends on the shapes of its operands, so that steps can be left out and shapes become
 * smaller when a property fails. All values stay moderate.
 */
public final class Program {
    private static final int LONGEST = 8;

    private static final List<Kind> SIMPLE = List.of(Kind.TANH, Kind.ADD, Kind.MUL, Kind.SUM);

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

    /** Programs of up to 3 inputs and 8 steps. */
    public static Arbitrary<Program> any() {
        return Tree.arbitrary(random -> {
            int inputs = 1 + random.nextInt(3);
            int length = 1 + random.nextInt(LONGEST);
            return new Program(
                            inputs,
                            IntStream.range(0, length)
                                    .mapToObj(k -> step(inputs + k, random))
                                    .toList())
                    .tree();
        });
    }

    private static Step step(int values, Random random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        // The first operand is mostly the latest value, so that few values are unused.
        int a = random.nextInt(3) == 0 ? random.nextInt(values) : values - 1;
        return new Step(kind, a, random.nextInt(values), random.nextInt(12));
    }

    /** The number of tensors that {@link #run} takes. */
    public int inputs() {
        return inputs;
    }

    /** The program as an operation, differentiable twice, of inputs that broadcast. */
    public Operation operation() {
        return Operation.of("program", tensors -> run(tensors))
                .shapes(new Signature(Signature.elementwise(inputs).inputs(), java.util.Optional.empty()))
                .order(2);
    }

    List<Step> steps() {
        return steps;
    }

    /** The value of the last step. */
    public Tensor run(Tensor... tensors) {
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
    public String code(Shape... shapes) {
        Tensor[] tensors = Stream.of(shapes)
                .map(shape -> Tensor.of(io.adjoint.core.NdArray.full(io.adjoint.core.DType.FLOAT64, shape, 0.5)))
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
        java.util.Arrays.fill(scalars, Shape.scalar());
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
            lines.add(
                    step.kind() == Kind.ADD
                            ? Kind.add(addition, left, right, name(a), name(b))
                            : step.kind().apply(left, right, step.number(), name(a), name(b)));
        }
        return lines;
    }

    private Tree<Program> tree() {
        long numbers = steps.stream()
                .mapToLong(s -> s.a()
                        + s.b()
                        + s.number()
                        + (SIMPLE.contains(s.kind()) ? 100L * SIMPLE.indexOf(s.kind()) : 1000))
                .sum();
        return new Tree<>(
                () -> this,
                new long[] {steps.size(), inputs, numbers},
                () -> smaller().map(Program::tree));
    }

    private Stream<Program> smaller() {
        List<Program> smaller = new ArrayList<>();
        for (int length = 1; length < steps.size(); length *= 2) {
            smaller.add(new Program(inputs, steps.subList(0, length)));
        }
        for (int k = 0; k < steps.size() && steps.size() > 1; k++) {
            smaller.add(without(k));
        }
        for (int k = 0; k < steps.size(); k++) {
            Step step = steps.get(k);
            for (Kind kind : SIMPLE) {
                smaller.add(with(k, new Step(kind, step.a(), step.b(), step.number())));
            }
            smaller.add(with(k, new Step(step.kind(), 0, step.b(), step.number())));
            smaller.add(with(k, new Step(step.kind(), step.a(), 0, step.number())));
            smaller.add(with(k, new Step(step.kind(), step.a(), step.b(), 0)));
        }
        if (inputs > 1) {
            smaller.add(new Program(
                    inputs - 1,
                    steps.stream()
                            .map(s -> new Step(s.kind(), Math.max(0, s.a() - 1), Math.max(0, s.b() - 1), s.number()))
                            .toList()));
        }
        return smaller.stream();
    }

    /** The program without one step; steps that read the value of the removed step read its first operand instead. */
    private Program without(int gone) {
        int value = inputs + gone;
        List<Step> rest = new ArrayList<>();
        for (int k = 0; k < steps.size(); k++) {
            if (k != gone) {
                Step step = steps.get(k);
                int instead = steps.get(gone).a();
                rest.add(new Step(
                        step.kind(),
                        step.a() == value ? instead : step.a() > value ? step.a() - 1 : step.a(),
                        step.b() == value ? instead : step.b() > value ? step.b() - 1 : step.b(),
                        step.number()));
            }
        }
        return new Program(inputs, rest);
    }

    private Program with(int index, Step step) {
        List<Step> copy = new ArrayList<>(steps);
        copy.set(index, step);
        return new Program(inputs, copy);
    }

    /** The kinds of operations from which steps are drawn. */
    enum Kind {
        TANH,
        SIGMOID,
        HALF_SQUARE,
        EXP,
        SOFTPLUS,
        ADD,
        SUB,
        MUL,
        DIV,
        SUM,
        MEAN,
        SOFTMAX,
        LOG_SUM_EXP,
        TRANSPOSE,
        FLIP,
        RESHAPE,
        SLICE,
        STACK,
        OUTER;

        private static final Set<Kind> ALONG_AXES =
                EnumSet.of(SOFTMAX, LOG_SUM_EXP, TRANSPOSE, FLIP, RESHAPE, SLICE, STACK, OUTER);

        Line apply(Tensor a, Tensor b, int number, String x, String y) {
            int rank = a.shape().rank();
            if (this == SUB || this == MUL || this == DIV) {
                return pair(a, b, x, y);
            }
            if (rank == 0 && ALONG_AXES.contains(this)) {
                return new Line(a.tanh(), x + ".tanh()");
            }
            int axis = rank == 0 ? 0 : number % rank;
            int size = rank == 0 ? 1 : a.shape().dim(axis);
            return switch (this) {
                case TANH -> new Line(a.tanh(), x + ".tanh()");
                case SIGMOID -> new Line(a.sigmoid(), x + ".sigmoid()");
                case HALF_SQUARE -> new Line(a.tanh().square().mul(0.5), x + ".tanh().square().mul(0.5)");
                case EXP -> new Line(a.tanh().exp(), x + ".tanh().exp()");
                case SOFTPLUS -> new Line(a.exp().add(1).log().sigmoid(), x + ".exp().add(1).log().sigmoid()");
                case SUM ->
                    rank == 0
                            ? new Line(a.sum(), x + ".sum()")
                            : new Line(a.sum(Dims.KEEP, axis).tanh(), x + ".sum(Dims.KEEP, " + axis + ").tanh()");
                case MEAN ->
                    rank == 0 ? new Line(a.mean(), x + ".mean()") : new Line(a.mean(axis), x + ".mean(" + axis + ")");
                case SOFTMAX -> new Line(a.softmax(axis), x + ".softmax(" + axis + ")");
                case LOG_SUM_EXP -> new Line(a.logSumExp(Dims.KEEP, axis), x + ".logSumExp(Dims.KEEP, " + axis + ")");
                case TRANSPOSE -> new Line(a.transpose(0, axis), x + ".transpose(0, " + axis + ")");
                case FLIP -> new Line(a.flip(axis), x + ".flip(" + axis + ")");
                case RESHAPE ->
                    new Line(
                            a.reshape(a.shape().size()),
                            x + ".reshape(" + a.shape().size() + ")");
                case SLICE ->
                    new Line(
                            a.slice(axis, size > 1 ? 1 : 0, size),
                            x + ".slice(" + axis + ", " + (size > 1 ? 1 : 0) + ", " + size + ")");
                case STACK ->
                    rank < 3
                            ? new Line(
                                    Tensor.stack(axis, a, a.neg()),
                                    "Tensor.stack(" + axis + ", " + x + ", " + x + ".neg())")
                            : new Line(a.neg(), x + ".neg()");
                case OUTER -> new Line(a.matmul(a.transpose()).tanh(), x + ".matmul(" + x + ".transpose()).tanh()");
                default -> throw new IllegalStateException(name());
            };
        }

        private static Line add(BinaryOperator<Tensor> addition, Tensor a, Tensor b, String x, String y) {
            return new Line(addition.apply(a, fitting(a, b)), x + ".add(" + fitting(a, b, y) + ")");
        }

        private static boolean fits(Tensor a, Tensor b) {
            return b.shape().broadcastsTo(a.shape());
        }

        private static Tensor fitting(Tensor a, Tensor b) {
            return fits(a, b) ? b : b.mean();
        }

        private static String fitting(Tensor a, Tensor b, String y) {
            return fits(a, b) ? y : y + ".mean()";
        }

        private Line pair(Tensor a, Tensor b, String x, String y) {
            Tensor other = fitting(a, b);
            String code = fitting(a, b, y);
            return switch (this) {
                case SUB -> new Line(a.sub(other), x + ".sub(" + code + ")");
                case MUL -> new Line(a.tanh().mul(other), x + ".tanh().mul(" + code + ")");
                default -> new Line(a.div(other.square().add(1)), x + ".div(" + code + ".square().add(1))");
            };
        }
    }
}
