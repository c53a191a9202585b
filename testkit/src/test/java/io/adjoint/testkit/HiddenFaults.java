package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;

/**
 * Faults in a sine that show only in some numbers, shapes, layouts, upstream gradients or runs. {@link HiddenPairFaults} and {@link
 * HiddenFloatFaults} have further faults.
 */
final class HiddenFaults extends PlantedSines {
    private HiddenFaults() {}

    static List<Hidden> all() {
        HiddenFaults faults = new HiddenFaults();
        faults.numbers();
        faults.shapes();
        faults.layouts();
        faults.upstream();
        faults.accuracies();
        faults.orders();
        faults.runs();
        faults.all.addAll(HiddenPairFaults.all());
        faults.all.addAll(HiddenFloatFaults.all());
        return faults.all;
    }

    // ---- planting ----

    /** Adds a fault that halves the gradient of the elements for which {@code isWrong} holds. */
    private void element(Operation shape, String name, String excuse, DoublePredicate isWrong) {
        rule(shape, name, excuse, (x, g) -> right(x, g).mul(Tensor.of(x.data().map(v -> isWrong.test(v) ? 0.5 : 1))));
    }

    private void element(String name, String excuse, DoublePredicate isWrong) {
        element(SINE, name, excuse, isWrong);
    }

    /** Adds a fault that multiplies the whole gradient by a factor, which depends on input and upstream gradient. */
    private void factor(String name, String excuse, ToDoubleBiFunction<Tensor, Tensor> factor) {
        rule(SINE, name, excuse, (x, g) -> right(x, g).mul(factor.applyAsDouble(x, g)));
    }

    private void shape(String name, String excuse, Predicate<Shape> isWrong) {
        factor("wrong for " + name, excuse, (x, g) -> isWrong.test(x.shape()) ? 0.5 : 1);
    }

    // ---- the faults ----

    private void numbers() {
        element("wrong at 0", "", v -> v == 0);
        element("wrong at -0.0", "", v -> Double.compare(v, -0.0) == 0);
        element("wrong at 1", "", v -> v == 1);
        element("wrong at -1", "", v -> v == -1);
        element("wrong at whole numbers", "", v -> v == Math.rint(v));
        element("wrong at positive whole numbers", "", v -> v > 0 && v == Math.rint(v));
        element("wrong within 1e-6 of 0", "", v -> Math.abs(v) < 1e-6);
        element("wrong for negative elements", "", v -> v < 0);
        element("wrong above 1.5", "", v -> v > 1.5);
        element("wrong above 1.9", "", v -> v > 1.9);
        element("wrong below -1.95", "", v -> v < -1.95);
        element("wrong between 1 and 1.1", "", v -> v > 1 && v < 1.1);
        element("wrong from -0.1 to 0.1", "", v -> Math.abs(v) < 0.1);
        element("wrong above 1.99", "elements keep off the bounds of the domain", v -> v > 1.99);
        element("wrong at 2", "elements keep off the bounds of the domain", v -> v == 2);
        element("wrong at 0.5", "a number that nothing suggests", v -> v == 0.5);
        element("wrong at pi / 2", "a number that nothing suggests", v -> v == Math.PI / 2);
        element("wrong within 1e-9 above 1.2", "a sliver of the domain", v -> v > 1.2 && v < 1.2 + 1e-9);
        element("wrong above 3", "outside of the domain", v -> v > 3);
        element("wrong for subnormal elements", "a sliver of the domain", v -> v != 0 && Math.abs(v) < 1e-300);
        element(
                SINE.within(Values.between(-2, 2).awayFrom(0)),
                "wrong within 0.01 of a kink",
                "within the gap around a kink",
                v -> Math.abs(v) < 0.01);
        Operation wide = SINE.within(Values.between(-30, 30));
        element(wide, "wrong above 25 of 30", "", v -> v > 25);
        rule(
                wide,
                "NaN below -29 of -30",
                "",
                (x, g) -> right(x, g).mul(Tensor.of(x.data().map(v -> v < -29 ? Double.NaN : 1))));
        element(wide, "wrong at 2 within -30 to 30", "", v -> v == 2);
        factor("wrong if two elements are equal", "", (x, g) -> hasTies(x) ? 0.5 : 1);
        factor(
                "wrong if all of many elements are equal",
                "",
                (x, g) -> x.shape().size() > 3 && isConstant(x) ? 0.5 : 1);
        factor(
                "wrong if all elements are 0",
                "",
                (x, g) -> isConstant(x) && x.shape().size() > 0 && x.data().toDoubleArray()[0] == 0 ? 0.5 : 1);
    }

    private static boolean hasTies(Tensor x) {
        double[] elements = x.data().toDoubleArray();
        return Arrays.stream(elements).distinct().count() < elements.length;
    }

    private static boolean isConstant(Tensor x) {
        return Arrays.stream(x.data().toDoubleArray()).distinct().count() <= 1;
    }

    static double largest(Tensor x) {
        return Arrays.stream(x.data().toDoubleArray()).map(Math::abs).max().orElse(0);
    }

    private void shapes() {
        shape("a scalar", "", s -> s.rank() == 0);
        shape("one axis", "", s -> s.rank() == 1);
        shape("three axes", "", s -> s.rank() == 3);
        shape("four axes", "", s -> s.rank() == 4);
        shape("five axes", "more axes than are drawn", s -> s.rank() == 5);
        shape("one element of one axis", "", s -> s.equals(Shape.of(1)));
        shape("a size of 1", "", s -> s.rank() > 0 && s.dim(-1) == 1);
        shape("a size of 3", "", s -> s.rank() > 0 && s.dim(0) == 3);
        shape("an odd number of elements", "", s -> s.size() % 2 == 1);
        shape("more than 8 elements", "", s -> s.size() > 8);
        shape("more than 20 elements", "", s -> s.size() > 20);
        shape("more than 64 elements", "", s -> s.size() > 64);
        shape("more than 64 elements of one axis", "", s -> s.rank() == 1 && s.size() > 64);
        shape("more than 100 elements", "", s -> s.size() > 100);
        shape("more than 1000 elements", "", s -> s.size() > 1000);
        shape("a size of 7", "a size between the small and the large ones", s -> s.rank() > 0 && s.dim(-1) == 7);
        rule("wrong in the last element", (x, g) -> {
            double[] signs = new double[x.shape().size()];
            Arrays.fill(signs, 1);
            signs[signs.length - 1] = signs.length == 1 ? 1 : -1;
            return right(x, g).mul(Tensor.of(NdArray.of(x.shape(), signs).to(x.dtype())));
        });
    }

    private void layouts() {
        factor("wrong for a view", "", (x, g) -> x.data().isContiguous() ? 1 : 0.5);
        factor("off by 1e-15 for a view", "", (x, g) -> x.data().isContiguous() ? 1 : 1 + 1e-15);
        add("value wrong for a view", x -> sine(x).add(x.data().isContiguous() ? 0 : 0.1));
        factor("wrong if upstream is a view", "", (x, g) -> g.data().isContiguous() ? 1 : 0.5);
        factor("off by 1e-15 if upstream is a view", "", (x, g) -> g.data().isContiguous() ? 1 : 1 + 1e-15);
        factor(
                "wrong if input and upstream are views",
                "",
                (x, g) -> x.data().isContiguous() || g.data().isContiguous() ? 1 : 0.5);
    }

    private void upstream() {
        factor("wrong if upstream is one number", "", (x, g) -> g.shape().size() > 1 && isConstant(g) ? 0.5 : 1);
        factor("wrong if upstream is 1", "", (x, g) -> isConstant(g) && largest(g) == 1 ? 0.5 : 1);
        factor(
                "wrong if upstream is negative",
                "",
                (x, g) -> Arrays.stream(g.data().toDoubleArray()).sum() < 0 ? 0.5 : 1);
        rule("upstream clamped to 1", (x, g) -> right(x, g.clamp(-1, 1)));
        rule("absolute upstream", (x, g) -> right(x, g.abs()));
        rule("squared upstream", (x, g) -> right(x, g.mul(g)));
        rule("ignored upstream", (x, g) -> x.cos());
        rule("NaN for an upstream of 0", (x, g) -> right(x, g.mul(g).div(g)));
        factor(
                "wrong if upstream is above 1000",
                "an upstream gradient of a size that is not drawn",
                (x, g) -> largest(g) > 1000 ? 0.5 : 1);
    }

    private void accuracies() {
        factor("off by 1e-3", "", (x, g) -> 1 + 1e-3);
        factor("off by 1e-5", "", (x, g) -> 1 + 1e-5);
        factor("off by 1e-6", "", (x, g) -> 1 + 1e-6);
        factor("off by 5e-8", "below the tolerance", (x, g) -> 1 + 5e-8);
        rule("off by an added 1e-7", (x, g) -> right(x, g).add(1e-7));
        rule("an added 1e-12", (x, g) -> right(x, g).add(1e-12));
        add(
                SINE,
                "value with a gradient to match",
                "no reference",
                t -> t[0].sin().mul(1.1));
    }

    private void orders() {
        rule("detached rule", (x, g) -> g.mul(x.cos().detach()));
        rule("detached upstream", (x, g) -> g.detach().mul(x.cos()));
        rule(
                "second derivative wrong at 0",
                (x, g) -> g.mul(cosine(
                        x,
                        h -> h.mul(x.sin())
                                .neg()
                                .add(Tensor.of(x.data().map(v -> v == 0 ? 0.5 : 0))
                                        .mul(h)))));
        rule(
                "second derivative off by 1e-4",
                (x, g) -> g.mul(cosine(x, h -> h.mul(x.sin()).mul(-1 - 1e-4))));
        rule(
                SINE,
                "third derivative wrong",
                "a higher order than was asked for",
                (x, g) -> g.mul(cosine(x, h -> h.mul(x.detach().sin()).neg())));
        factor("off by 1e-9 when recorded", "", (x, g) -> Autograd.isRecording() ? 1 + 1e-9 : 1);
        add("value off by 0.1 when recorded", x -> sine(x).add(x.requiresGrad() ? 0.1 : 0));
        add("value off by 1e-15 when recorded", x -> sine(x).mul(x.requiresGrad() ? 1 + 1e-15 : 1));
        add("value off by 0.1 within noGrad", x -> sine(x).add(Autograd.isRecording() ? 0 : 0.1));
    }

    private static Tensor cosine(Tensor x, UnaryOperator<Tensor> rule) {
        return op("cosine", x.data().map(Math::cos), edge(x, rule));
    }

    /** Adds a fault in each n-th call of the rule. */
    private void every(int n, String excuse) {
        fresh(SINE, "wrong in call " + n, excuse, () -> {
            AtomicInteger calls = new AtomicInteger();
            return t -> sine(t[0], g -> right(t[0], g).mul(calls.incrementAndGet() % n == 0 ? 0.5 : 1));
        });
    }

    private void runs() {
        every(2, "");
        every(3, "");
        every(97, "");
        every(1_000_000, "rarer than the calls of a property");
        fresh(
                "1 % off in one of 20 calls at random",
                () -> {
                    Random random = new Random(1);
                    return t -> sine(t[0], g -> right(t[0], g).mul(random.nextInt(20) == 0 ? 1.01 : 1));
                });
        fresh("gradient in a buffer", () -> {
            double[] buffer = new double[10_000];
            return t -> sine(t[0], g -> {
                Tensor gradient = right(t[0], g);
                if (Autograd.isRecording() || gradient.dtype() != DType.FLOAT64) {
                    return gradient;
                }
                double[] elements = gradient.data().toDoubleArray();
                System.arraycopy(elements, 0, buffer, 0, elements.length);
                return Tensor.of(NdArray.wrap(Shape.of(buffer.length), buffer)
                        .slice(0, 0, elements.length)
                        .reshape(gradient.shape()));
            });
        });
        add("changed input", x -> {
            Tensor value = sine(x);
            if (x.data().isContiguous()) {
                InPlace.assign(x.data(), x.data().map(v -> v + 1e-9));
            }
            return value;
        });
        rule("changed upstream", (x, g) -> {
            Tensor gradient = right(x, g);
            if (g.data().isContiguous()) {
                InPlace.assign(g.data(), gradient.data());
            }
            return gradient;
        });
        fresh("value off by 1e-12 a call", () -> {
            AtomicInteger calls = new AtomicInteger();
            return t -> sine(t[0]).add(1e-12 * calls.incrementAndGet());
        });
        add("no gradient", x -> x.detach().sin());
        add("a gradient without need", x -> sine(x.requiresGrad(true)));
    }
}
