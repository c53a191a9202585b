package io.adjoint.autograd;

import io.adjoint.autograd.Samples.Numbers;
import io.adjoint.autograd.Samples.Setting;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Every differentiable operation of {@link Tensor}: under its signature, how to try it. */
final class OpCatalog {
    /** An operation and inputs at which it is smooth. */
    record Case(Function<Tensor[], Tensor> function, List<NdArray> inputs) {}

    record Row(String signature, Function<Setting, Case> maker) {
        @Override
        public String toString() {
            return signature;
        }
    }

    /** Creation, settings, and what has no derivative at all. */
    static final Set<String> WITHOUT_GRADIENT = Set.of(
            "of(NdArray)",
            "of(double[])",
            "of(float[])",
            "of(int[])",
            "of(double[][])",
            "scalar(double)",
            "requiresGrad(boolean)",
            "retainGrad()",
            "detach()",
            "grad()",
            // Rounds; EngineTest has its gradient.
            "to(DType)",
            "eq(Tensor)",
            "lt(double)",
            "gt(double)",
            "argMax(int)");

    static final List<Row> ROWS = new ArrayList<>();

    private OpCatalog() {}

    static {
        arithmetic();
        pointwise();
        reductions();
        shaping();
        products();
    }

    private static void arithmetic() {
        pair("add(Tensor)", Numbers::real, Numbers::real, Tensor::add);
        pair("sub(Tensor)", Numbers::real, Numbers::real, Tensor::sub);
        pair("mul(Tensor)", Numbers::real, Numbers::real, Tensor::mul);
        pair("div(Tensor)", Numbers::real, Numbers::nonZero, Tensor::div);
        pair("pow(Tensor)", Numbers::positive, Numbers::real, Tensor::pow);
        pair("maximum(Tensor)", Numbers::whole, Numbers::halves, Tensor::maximum);
        pair("minimum(Tensor)", Numbers::halves, Numbers::whole, Tensor::minimum);
        number("add(double)", Numbers::real, List.of(-2.5, 0.0, 3.0), Tensor::add);
        number("sub(double)", Numbers::real, List.of(-2.5, 0.0, 3.0), Tensor::sub);
        number("mul(double)", Numbers::real, List.of(-2.5, 0.0, 3.0), Tensor::mul);
        number("div(double)", Numbers::real, List.of(-2.5, 0.5, 3.0), Tensor::div);
        number("pow(double)", Numbers::positive, List.of(-1.5, -1.0, 0.0, 0.5, 1.0, 2.0, 2.5), Tensor::pow);
        number("pow(double)", Numbers::nonZero, List.of(-2.0, -1.0, 0.0, 1.0, 2.0, 3.0), Tensor::pow);
        row("where(Tensor,Tensor,Tensor)", s -> {
            Shape shape = Shape.broadcast("where", s.pair().a(), s.pair().b());
            Tensor mask = Tensor.of(integers(shape, 2, s.random()));
            return two(s, Numbers::real, Numbers::real, (a, b) -> Tensor.where(mask, a, b));
        });
    }

    private static void pointwise() {
        for (Pointwise function : Pointwise.values()) {
            Numbers numbers = switch (function) {
                case LOG, SQRT -> Numbers::positive;
                case ABS, RELU, SIGN, RECIPROCAL -> Numbers::nonZero;
                default -> Numbers::real;
            };
            single("Pointwise." + function, numbers, function::of);
        }
        single("abs()", Numbers::nonZero, Tensor::abs);
        single("exp()", Numbers::real, Tensor::exp);
        single("log()", Numbers::positive, Tensor::log);
        single("neg()", Numbers::real, Tensor::neg);
        single("reciprocal()", Numbers::nonZero, Tensor::reciprocal);
        single("relu()", Numbers::nonZero, Tensor::relu);
        single("sigmoid()", Numbers::real, Tensor::sigmoid);
        single("sign()", Numbers::nonZero, Tensor::sign);
        single("sqrt()", Numbers::positive, Tensor::sqrt);
        single("square()", Numbers::real, Tensor::square);
        single("tanh()", Numbers::real, Tensor::tanh);
    }

    private static void reductions() {
        axes("sum(int[])", Numbers::real, (x, keep, axes) -> x.sum(axes));
        axes("sum(boolean,int[])", Numbers::real, (x, keep, axes) -> x.sum(keep, axes));
        nonEmptyAxes("mean(int[])", Numbers::real, (x, keep, axes) -> x.mean(axes));
        nonEmptyAxes("mean(boolean,int[])", Numbers::real, (x, keep, axes) -> x.mean(keep, axes));
        nonEmptyAxes("amax(int[])", Numbers::distinct, (x, keep, axes) -> x.amax(axes));
        nonEmptyAxes("amax(boolean,int[])", Numbers::distinct, (x, keep, axes) -> x.amax(keep, axes));
        nonEmptyAxes("amin(int[])", Numbers::distinct, (x, keep, axes) -> x.amin(axes));
        nonEmptyAxes("amin(boolean,int[])", Numbers::distinct, (x, keep, axes) -> x.amin(keep, axes));
        nonEmptyAxes("logSumExp(int[])", Numbers::real, (x, keep, axes) -> x.logSumExp(axes));
        nonEmptyAxes("logSumExp(boolean,int[])", Numbers::real, (x, keep, axes) -> x.logSumExp(keep, axes));
        axis("softmax(int)", (x, axis) -> x.softmax(axis));
        axis("logSoftmax(int)", (x, axis) -> x.logSoftmax(axis));
    }

    private static void shaping() {
        row("reshape(int[])", s -> {
            int[] sides = s.shape().size() == 0 ? s.shape().toArray() : new int[] {-1};
            return one(s, Numbers::real, x -> x.reshape(sides));
        });
        row("reshape(Shape)", s -> {
            int[] sides = s.shape().toArray();
            Shape target = Shape.of(IntStream.range(0, sides.length)
                    .map(k -> sides[sides.length - 1 - k])
                    .toArray());
            return one(s, Numbers::real, x -> x.reshape(target));
        });
        single("transpose()", Numbers::real, Tensor::transpose);
        axis("transpose(int,int)", (x, axis) -> x.transpose(axis, 0));
        row("permute(int[])", s -> {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, s.shape().rank()).boxed().toList());
            Collections.shuffle(order, s.random());
            int[] axes = order.stream()
                    .mapToInt(k -> s.random().nextBoolean() ? k : k - order.size())
                    .toArray();
            return one(s, Numbers::real, x -> x.permute(axes));
        });
        axis(
                "slice(int,int,int)",
                (x, axis) -> x.slice(axis, x.shape().dim(axis) / 2, x.shape().dim(axis)));
        axis("slice(int,int,int,int)", (x, axis) -> x.slice(axis, 0, x.shape().dim(axis), 2));
        axis("slice(int,int,int,int)", (x, axis) -> x.slice(axis, x.shape().dim(axis) - 1, -1, -2));
        axes("flip(int[])", Numbers::real, (x, keep, axes) -> x.flip(axes));
        row("squeeze(int[])", s -> one(s, Numbers::real, Tensor::squeeze));
        axis("squeeze(int[])", (x, axis) -> x.shape().dim(axis) == 1 ? x.squeeze(axis) : x);
        row("unsqueeze(int)", s -> {
            int axis = s.random().nextInt(2 * s.shape().rank() + 2) - s.shape().rank() - 1;
            return one(s, Numbers::real, x -> x.unsqueeze(axis));
        });
        row("broadcastTo(Shape)", s -> {
            Shape target = Shape.broadcast("broadcastTo", s.pair().a(), s.pair().b());
            return new Case(
                    t -> t[0].broadcastTo(target),
                    List.of(Samples.array(s.pair().a(), Numbers::real, s.layoutA(), s.random())));
        });
        row("sumTo(Shape)", s -> {
            Shape from = Shape.broadcast("sumTo", s.pair().a(), s.pair().b());
            return new Case(
                    t -> t[0].sumTo(s.pair().a()),
                    List.of(Samples.array(from, Numbers::real, s.layoutA(), s.random())));
        });
        row("concat(int,Tensor[])", s -> {
            int axis = s.shape().rank() == 0 ? 0 : s.random().nextInt(s.shape().rank());
            Shape shape = s.shape().rank() == 0 ? Shape.of(2) : s.shape();
            int[] other = shape.toArray();
            other[axis] = s.random().nextInt(3);
            return new Case(
                    t -> Tensor.concat(axis, t[0], t[1], t[0]),
                    List.of(
                            Samples.array(shape, Numbers::real, s.layoutA(), s.random()),
                            Samples.array(Shape.of(other), Numbers::real, s.layoutB(), s.random())));
        });
        row("stack(int,Tensor[])", s -> {
            int axis = s.random().nextInt(s.shape().rank() + 1);
            return new Case(
                    t -> Tensor.stack(axis, t[0], t[1], t[0]),
                    List.of(
                            Samples.array(s.shape(), Numbers::real, s.layoutA(), s.random()),
                            Samples.array(s.shape(), Numbers::real, s.layoutB(), s.random())));
        });
    }

    private static void products() {
        row("gather(int,Tensor)", s -> {
            Shape shape = s.shape().rank() == 0 ? Shape.of(3) : s.shape();
            int axis = s.random().nextInt(shape.rank());
            int[] sides = shape.toArray();
            sides[axis] = sides[axis] == 0 ? 0 : s.random().nextInt(5);
            Tensor index = Tensor.of(integers(Shape.of(sides), shape.dim(axis), s.random()));
            return new Case(
                    t -> t[0].gather(axis, index),
                    List.of(Samples.array(shape, Numbers::real, s.layoutA(), s.random())));
        });
        row("matmul(Tensor)", s -> {
            // Vectors, matrices, and batches that broadcast.
            int n = s.random().nextInt(4);
            int kind = s.random().nextInt(4);
            int[] left = kind == 0
                    ? new int[] {n}
                    : joined(s.pair().a(), 1 + s.random().nextInt(3), n);
            int[] right = kind == 1
                    ? new int[] {n}
                    : joined(s.pair().b(), n, 1 + s.random().nextInt(3));
            return new Case(
                    t -> t[0].matmul(t[1]),
                    List.of(
                            Samples.array(Shape.of(left), Numbers::real, s.layoutA(), s.random()),
                            Samples.array(Shape.of(right), Numbers::real, s.layoutB(), s.random())));
        });
    }

    private static int[] joined(Shape leading, int rows, int columns) {
        int[] sides = Arrays.copyOf(leading.toArray(), leading.rank() + 2);
        sides[leading.rank()] = rows;
        sides[leading.rank() + 1] = columns;
        return sides;
    }

    private static NdArray integers(Shape shape, int bound, Random random) {
        return NdArray.of(
                shape, random.ints(shape.size(), 0, Math.max(bound, 1)).toArray());
    }

    // ---- kinds of rows ----

    private interface OverAxes {
        Tensor apply(Tensor x, boolean keepDims, int[] axes);
    }

    private interface AlongAxis {
        Tensor apply(Tensor x, int axis);
    }

    private static void row(String signature, Function<Setting, Case> maker) {
        ROWS.add(new Row(signature, maker));
    }

    private static Case one(Setting s, Numbers numbers, UnaryOperator<Tensor> op) {
        return new Case(t -> op.apply(t[0]), List.of(Samples.array(s.shape(), numbers, s.layoutA(), s.random())));
    }

    private static Case two(Setting s, Numbers first, Numbers second, BinaryOperator<Tensor> op) {
        return new Case(
                t -> op.apply(t[0], t[1]),
                List.of(
                        Samples.array(s.pair().a(), first, s.layoutA(), s.random()),
                        Samples.array(s.pair().b(), second, s.layoutB(), s.random())));
    }

    private static void single(String signature, Numbers numbers, UnaryOperator<Tensor> op) {
        row(signature, s -> one(s, numbers, op));
    }

    private static void pair(String signature, Numbers first, Numbers second, BinaryOperator<Tensor> op) {
        row(signature, s -> two(s, first, second, op));
        String self = signature.substring(0, signature.indexOf('(')).toLowerCase(Locale.ROOT);
        if (!Set.of("maximum", "minimum", "pow").contains(self)) {
            row(signature, s -> one(s, second, x -> op.apply(x, x)));
        }
    }

    private static void number(
            String signature,
            Numbers numbers,
            List<Double> constants,
            java.util.function.BiFunction<Tensor, Double, Tensor> op) {
        row(signature, s -> {
            double c = constants.get(s.random().nextInt(constants.size()));
            return one(s, numbers, x -> op.apply(x, c));
        });
    }

    private static void axes(String signature, Numbers numbers, OverAxes op) {
        row(signature, s -> {
            int rank = s.shape().rank();
            int[] axes = IntStream.range(0, rank)
                    .filter(k -> s.random().nextBoolean())
                    .map(k -> s.random().nextBoolean() ? k : k - rank)
                    .toArray();
            boolean keepDims = s.random().nextBoolean();
            return one(s, numbers, x -> op.apply(x, keepDims, axes));
        });
    }

    /** Of an array that has elements: of nothing there is no mean and no greatest. */
    private static void nonEmptyAxes(String signature, Numbers numbers, OverAxes op) {
        axes(signature, numbers, (x, keepDims, axes) -> x.shape().size() == 0 ? x : op.apply(x, keepDims, axes));
    }

    private static void axis(String signature, AlongAxis op) {
        row(signature, s -> {
            int rank = s.shape().rank();
            int axis = rank == 0 ? 0 : s.random().nextInt(2 * rank) - rank;
            return one(s, Numbers::real, x -> rank == 0 ? x : op.apply(x, axis));
        });
    }
}
