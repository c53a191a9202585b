package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;

/** Faults in functions of two tensors, in products and reductions. */
final class PlantedPairFaults {
    private PlantedPairFaults() {}

    /** A correct function of two tensors with its derivatives. */
    record Pair(String name, DoubleBinaryOperator function, BinaryOperator<Tensor> toA, BinaryOperator<Tensor> toB) {
        Tensor of(Tensor a, Tensor b, BinaryOperator<Tensor> ruleA, BinaryOperator<Tensor> ruleB) {
            return op(
                    name,
                    a.data().zip(b.data(), function),
                    edge(a, g -> ruleA.apply(g.mul(toA.apply(a, b)), a)),
                    edge(b, g -> ruleB.apply(g.mul(toB.apply(a, b)), b)));
        }

        Tensor correct(Tensor a, Tensor b) {
            return of(a, b, (g, x) -> g, (g, x) -> g);
        }
    }

    static final List<Pair> PAIRS = List.of(
            new Pair("mul", (a, b) -> a * b, (a, b) -> b, (a, b) -> a),
            new Pair(
                    "div",
                    (a, b) -> a / b,
                    (a, b) -> b.reciprocal(),
                    (a, b) -> a.neg().div(b.square())),
            new Pair(
                    "gaussian",
                    (a, b) -> Math.exp(-a * a * b),
                    (a, b) -> a.square().mul(b).neg().exp().mul(a).mul(b).mul(-2),
                    (a, b) -> a.square().mul(b).neg().exp().mul(a.square()).neg()),
            new Pair("logarithm", (a, b) -> a * Math.log(b), (a, b) -> b.log(), (a, b) -> a.div(b)),
            new Pair("sum of squares", (a, b) -> a * a + b * b, (a, b) -> a.mul(2), (a, b) -> b.mul(2)));

    static List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        for (Pair f : PAIRS) {
            faults.addAll(ofPair(f));
        }
        faults.addAll(ofProduct());
        faults.addAll(ofVector());
        return faults;
    }

    private static Fault pair(
            String name, Pair f, BinaryOperator<Tensor> ruleA, BinaryOperator<Tensor> ruleB, String... shapes) {
        return new Fault(
                name + " in " + f.name(),
                "pair",
                () -> x -> f.of(x[0], x[1], ruleA, ruleB),
                drawn -> Set.of(shapes).contains(drawn.shapes()) && isSimple(drawn));
    }

    /** Returns whether all inputs of a case are contiguous and consist of small whole numbers. */
    private static boolean isSimple(Case drawn) {
        return drawn.inputs().stream().allMatch(input -> {
            for (double element : input.data().toDoubleArray()) {
                if (element != Math.rint(element) || Math.abs(element) > 2) {
                    return false;
                }
            }
            return !Literals.of(input).startsWith("Layout");
        });
    }

    private static List<Fault> ofPair(Pair f) {
        return List.of(
                pair("wrong sign", f, (g, a) -> g, (g, b) -> g.neg(), "[], []"),
                pair("lost gradient of the first", f, (g, a) -> g.mul(0), (g, b) -> g, "[], []"),
                pair("detached first", f, (g, a) -> g.detach(), (g, b) -> g, "[], []"),
                // The engine sums over broadcast axes; the result is wrong only if a rule reduces the gradient before.
                pair("lost broadcast sum", f, PlantedPairFaults::first, (g, b) -> g, "[], [2]"),
                pair("mean for broadcast sum", f, (g, a) -> g, PlantedPairFaults::mean, "[2], []"),
                pair(
                        "wrong when both broadcast",
                        f,
                        (g, a) -> isBroadcast(g, a)
                                        && g.shape().rank() == a.shape().rank()
                                ? g.mul(2)
                                : g,
                        (g, b) -> g,
                        "[1], [2]",
                        "[2], [1]"),
                new Fault(
                        "swapped gradients in " + f.name(),
                        "pair",
                        () -> x -> op(
                                f.name(),
                                x[0].data().zip(x[1].data(), f.function()),
                                edge(x[0], g -> g.mul(f.toB().apply(x[0], x[1]))),
                                edge(x[1], g -> g.mul(f.toA().apply(x[0], x[1])))),
                        drawn -> drawn.shapes().equals("[], []") && isSimple(drawn)));
    }

    private static boolean isBroadcast(Tensor g, Tensor x) {
        return g.shape().size() != x.shape().size();
    }

    private static Tensor first(Tensor g, Tensor x) {
        return isBroadcast(g, x) ? mean(g, x) : g;
    }

    private static Tensor mean(Tensor g, Tensor x) {
        return g.sumTo(x.shape()).mul((double) x.shape().size() / g.shape().size());
    }

    private static Fault of(String name, String property, Function<Tensor[], Tensor> function, String... shapes) {
        return new Fault(
                name, property, () -> function, drawn -> Set.of(shapes).contains(drawn.shapes()) && isSimple(drawn));
    }

    private static Tensor product(Tensor[] x, BinaryOperator<Tensor> toA, BinaryOperator<Tensor> toB) {
        return op(
                "matmul",
                x[0].data().matmul(x[1].data()),
                edge(x[0], g -> toA.apply(g, x[1])),
                edge(x[1], g -> toB.apply(g, x[0])));
    }

    private static Tensor right(Tensor g, Tensor b) {
        return g.matmul(b.transpose());
    }

    private static Tensor left(Tensor g, Tensor a) {
        return a.transpose().matmul(g);
    }

    private static List<Fault> ofProduct() {
        return List.of(
                of(
                        "wrong sign in matmul",
                        "product",
                        x -> product(x, (g, b) -> right(g, b).neg(), PlantedPairFaults::left),
                        "[1, 1], [1, 1]"),
                of(
                        "lost transpose in matmul",
                        "product",
                        x -> product(x, (g, b) -> g.matmul(b), PlantedPairFaults::left),
                        "[1, 1], [1, 2]"),
                of(
                        "lost other transpose in matmul",
                        "product",
                        x -> product(x, PlantedPairFaults::right, (g, a) -> a.matmul(g)),
                        "[2, 1], [1, 1]"),
                of(
                        "detached matmul",
                        "product",
                        x -> product(x, (g, b) -> right(g, b.detach()), PlantedPairFaults::left),
                        "[1, 1], [1, 1]"),
                of(
                        "factor 2 in matmul of inner size 2",
                        "product",
                        x -> product(
                                x, (g, b) -> right(g, b).mul(b.shape().dim(0) > 1 ? 2 : 1), PlantedPairFaults::left),
                        "[1, 2], [2, 1]"),
                of(
                        "factor 2 in matmul with two rows",
                        "product",
                        x -> product(
                                x, (g, b) -> right(g, b).mul(g.shape().dim(0) > 1 ? 2 : 1), PlantedPairFaults::left),
                        "[2, 1], [1, 1]"));
    }

    private static List<Fault> ofVector() {
        return List.of(
                of(
                        "lost sum in softmax",
                        "vector",
                        x -> op("softmax", x[0].data().softmax(-1), edge(x[0], g -> g.mul(x[0].softmax(-1)))),
                        "[1]"),
                of(
                        "sum over all axes in softmax",
                        "vector",
                        x -> op("softmax", x[0].data().softmax(-1), edge(x[0], g -> {
                            Tensor y = x[0].softmax(-1);
                            return y.mul(g.sub(g.mul(y).sum()));
                        })),
                        "[2, 1]"),
                of(
                        "lost division in mean",
                        "vector",
                        x -> op(
                                "mean",
                                x[0].data().sum(Dims.KEEP, -1).div(size(x[0])),
                                edge(x[0], g -> g.broadcastTo(x[0].shape()))),
                        "[2]"),
                of(
                        "first element only in sum",
                        "vector",
                        x -> op(
                                "sum",
                                x[0].data().sum(Dims.KEEP, -1),
                                edge(x[0], g -> g.mul(Tensor.of(firstOnly(x[0].shape()))))),
                        "[2]"),
                of(
                        "gradient to all in amax",
                        "largest",
                        x -> op("amax", x[0].data().amax(), edge(x[0], g -> g.broadcastTo(x[0].shape()))),
                        "[2]"),
                of(
                        "gradient to the last in amax",
                        "largest",
                        x -> op("amax", x[0].data().amax(), edge(x[0], g -> g.mul(Tensor.of(lastOnly(x[0].shape()))))),
                        "[2]"));
    }

    private static NdArray size(Tensor x) {
        return NdArray.scalar(DType.FLOAT64, x.shape().dim(-1));
    }

    private static NdArray firstOnly(Shape shape) {
        return Reference.build(shape, index -> index[index.length - 1] == 0 ? 1 : 0);
    }

    private static NdArray lastOnly(Shape shape) {
        return Reference.build(shape, index -> index[0] == shape.dim(0) - 1 ? 1 : 0);
    }
}
