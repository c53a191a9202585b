package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Faults in functions of one tensor; {@link PlantedPairFaults} has faults in functions of two tensors. */
final class PlantedFaults {
    private PlantedFaults() {}

    /** A correct function with its derivative. */
    record Smooth(String name, String property, DoubleUnaryOperator function, UnaryOperator<Tensor> derivative) {
        NdArray value(Tensor x) {
            return x.data().map(function);
        }

        double slope(double at) {
            return derivative.apply(Tensor.scalar(at)).item();
        }

        double curvature(double at) {
            Tensor x = Tensor.scalar(at).requiresGrad(true);
            Tensor slope = derivative.apply(x);
            return slope.requiresGrad()
                    ? Autograd.grad(slope, GraphMode.FREE, x).item()
                    : 0;
        }
    }

    static final List<Smooth> SMOOTH = List.of(
            new Smooth("exp", "any", Math::exp, Tensor::exp),
            new Smooth("tanh", "any", Math::tanh, x -> x.tanh().square().neg().add(1)),
            new Smooth(
                    "sigmoid",
                    "any",
                    v -> 1 / (1 + Math.exp(-v)),
                    x -> x.sigmoid().mul(x.neg().sigmoid())),
            new Smooth("square", "any", v -> v * v, x -> x.mul(2)),
            new Smooth("cube", "any", v -> v * v * v, x -> x.square().mul(3)),
            new Smooth("softplus", "any", v -> Math.log1p(Math.exp(v)), Tensor::sigmoid),
            new Smooth(
                    "gauss",
                    "any",
                    v -> Math.exp(-v * v),
                    x -> x.mul(-2).mul(x.square().neg().exp())),
            new Smooth("log", "positive", Math::log, Tensor::reciprocal),
            new Smooth(
                    "sqrt", "positive", Math::sqrt, x -> x.sqrt().reciprocal().mul(0.5)),
            new Smooth(
                    "reciprocal",
                    "positive",
                    v -> 1 / v,
                    x -> x.square().reciprocal().neg()));

    /** A smooth function without a fault, for which no check should fail. */
    static Tensor correct(Smooth f, Tensor x) {
        return op(f.name(), f.value(x), edge(x, g -> g.mul(f.derivative().apply(x))));
    }

    static List<Fault> all() {
        List<Fault> faults = new ArrayList<>();
        for (Smooth f : SMOOTH) {
            faults.addAll(ofRules(f));
            faults.addAll(ofParts(f));
            faults.addAll(ofState(f));
        }
        return faults;
    }

    private static Fault rule(String name, Smooth f, Rule rule, DoublePredicate shows) {
        return ofRule(name, f, rule, Fault.smallest("[]", shows));
    }

    private static Fault ofRule(String name, Smooth f, Rule rule, Predicate<Case> smallest) {
        return of(name, f, x -> op(f.name(), f.value(x), edge(x, g -> rule.of(x, g))), smallest);
    }

    private static Fault of(String name, Smooth f, UnaryOperator<Tensor> function, Predicate<Case> smallest) {
        return new Fault(name + " in " + f.name(), f.property(), () -> x -> function.apply(x[0]), smallest);
    }

    private interface Rule {
        Tensor of(Tensor x, Tensor g);
    }

    private static boolean isFar(double a, double b) {
        return Math.abs(a - b) > 1e-5;
    }

    private static List<Fault> ofRules(Smooth f) {
        UnaryOperator<Tensor> d = f.derivative();
        return List.of(
                rule("wrong sign", f, (x, g) -> g.mul(d.apply(x)).neg(), v -> isFar(f.slope(v), 0)),
                rule("missing factor", f, (x, g) -> g, v -> isFar(f.slope(v), 1)),
                rule("slightly wrong factor", f, (x, g) -> g.mul(d.apply(x)).mul(1.0005), v -> isFar(f.slope(v), 0)),
                rule("ignored cotangent", f, (x, g) -> d.apply(x), v -> isFar(f.slope(v), 0)),
                rule("squared cotangent", f, (x, g) -> g.mul(g).mul(d.apply(x)), v -> isFar(f.slope(v), 0)),
                rule("detached rule", f, (x, g) -> g.mul(d.apply(x.detach())), v -> isFar(f.curvature(v), 0)),
                rule("added constant", f, (x, g) -> g.mul(d.apply(x)).add(0.001), v -> true));
    }

    /** Faults that show in some elements, shapes or layouts only. */
    private static List<Fault> ofParts(Smooth f) {
        return List.of(
                rule(
                        "wrong sign above 1.5",
                        f,
                        (x, g) -> g.mul(d(f, x)).mul(Tensor.of(x.data().map(v -> v > 1.5 ? -1 : 1))),
                        v -> v > 1.5),
                part(f, "from two axes on", "[1, 1]", shape -> shape.rank() >= 2),
                part(f, "from size 3 on", "[3]", shape -> shape.rank() > 0 && shape.dim(-1) >= 3),
                part(f, "from 4 elements on", "[4]", "[2, 2]", shape -> shape.size() >= 4),
                part(f, "of a long first axis", "[2, 1]", shape -> shape.rank() > 1 && shape.dim(0) > 1),
                ofRule(
                        "wrong last element",
                        f,
                        (x, g) -> g.mul(d(f, x))
                                .mul(Tensor.of(NdArray.of(x.shape(), lastWrong(x.shape()))
                                        .to(x.dtype()))),
                        Fault.ones("[2]")),
                of(
                        "ignored strides",
                        f,
                        x -> {
                            double off = x.data().isContiguous() ? 0 : 1e-3;
                            return op(f.name(), f.value(x).map(v -> v + off), edge(x, g -> g.mul(d(f, x))));
                        },
                        drawn -> drawn.shapes().equals("[2]")
                                && Literals.of(drawn.inputs().get(0)).endsWith("(Tensor.of(1, 1))")));
    }

    private static Tensor d(Smooth f, Tensor x) {
        return f.derivative().apply(x);
    }

    private static Fault part(Smooth f, String where, String smallest, Predicate<Shape> wrong) {
        return part(f, where, smallest, smallest, wrong);
    }

    private static Fault part(Smooth f, String where, String smallest, String other, Predicate<Shape> wrong) {
        return ofRule(
                "wrong factor " + where,
                f,
                (x, g) -> g.mul(d(f, x)).mul(wrong.test(x.shape()) ? 2 : 1),
                Fault.ones(smallest).or(Fault.ones(other)));
    }

    private static double[] lastWrong(Shape shape) {
        double[] signs = new double[shape.size()];
        Arrays.fill(signs, 1);
        if (signs.length > 1) {
            signs[signs.length - 1] = -1;
        }
        return signs;
    }

    /** Faults that change arrays of others, or remember earlier calls. */
    private static List<Fault> ofState(Smooth f) {
        return List.of(
                of(
                        "changed input",
                        f,
                        x -> {
                            Tensor result = correct(f, x);
                            if (x.data().isContiguous()) {
                                InPlace.assign(x.data(), x.data().map(v -> v + 0.125));
                            }
                            return result;
                        },
                        Fault.ones("[]")),
                ofRule(
                        "changed cotangent",
                        f,
                        (x, g) -> {
                            Tensor result = g.mul(d(f, x));
                            InPlace.assign(g.data(), result.data());
                            return result;
                        },
                        Fault.ones("[]")),
                new Fault(
                        "aliased gradient in " + f.name(),
                        f.property(),
                        () -> {
                            double[] buffer = new double[10_000];
                            return inputs -> op(f.name(), f.value(inputs[0]), edge(inputs[0], g -> {
                                NdArray exact = g.mul(d(f, inputs[0])).data();
                                System.arraycopy(exact.toDoubleArray(), 0, buffer, 0, exact.size());
                                return Autograd.isRecording()
                                        ? g.mul(d(f, inputs[0]))
                                        : Tensor.of(NdArray.wrap(Shape.of(buffer.length), buffer)
                                                .slice(0, 0, exact.size())
                                                .reshape(exact.shape()));
                            }));
                        },
                        Fault.ones("[]")),
                new Fault(
                        "result that changes in " + f.name(),
                        f.property(),
                        () -> {
                            AtomicInteger calls = new AtomicInteger();
                            return inputs -> op(
                                    f.name(),
                                    f.value(inputs[0]).map(v -> v + 1e-12 * calls.incrementAndGet()),
                                    edge(inputs[0], g -> g.mul(d(f, inputs[0]))));
                        },
                        Fault.ones("[]")),
                new Fault(
                        "wrong shape in " + f.name(),
                        f.property().equals("any") ? "shaped" : "pair",
                        () -> inputs -> correct(f, inputs[inputs.length - 1]).reshape(-1),
                        drawn -> f.property().equals("any")
                                ? drawn.shapes().equals("[]")
                                : drawn.shapes().equals("[], []")),
                of("wrong type", f, x -> correct(f, x).to(DType.FLOAT32).to(DType.FLOAT64), Fault.ones("[]")));
    }
}
