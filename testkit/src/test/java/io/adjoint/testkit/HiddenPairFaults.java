package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Further {@link HiddenFaults}, in an elementwise product and a product of matrices. */
final class HiddenPairFaults extends PlantedSines {
    private HiddenPairFaults() {}

    static List<Hidden> all() {
        HiddenPairFaults faults = new HiddenPairFaults();
        faults.pairs();
        return faults.all;
    }

    private void wrongIf(String name, String excuse, BiPredicate<Tensor, Tensor> isWrong) {
        product(name, excuse, (a, b, g) -> g.mul(b).mul(isWrong.test(a, b) ? 0.5 : 1));
    }

    private void pairs() {
        wrongIf("wrong for one tensor twice", "", (a, b) -> a == b);
        wrongIf(
                "wrong if two elements are equal in both",
                "",
                (a, b) -> a.shape().equals(b.shape()) && anyEqual(a, b));
        wrongIf("wrong if one input is 0", "", (a, b) -> HiddenFaults.largest(b) == 0);
        wrongIf("wrong if the other has no gradient", "", (a, b) -> !b.requiresGrad());
        wrongIf("wrong for equal shapes", "", (a, b) -> a.shape().equals(b.shape()));
        wrongIf("wrong for different shapes", "", (a, b) -> !a.shape().equals(b.shape()));
        wrongIf(
                "wrong if a scalar broadcasts",
                "",
                (a, b) -> a.shape().rank() == 0 && b.shape().rank() > 0);
        wrongIf(
                "wrong for broadcast of more than 64",
                "",
                (a, b) -> a.shape().size() < b.shape().size() && b.shape().size() > 64);
        wrongIf(
                "wrong if both are views",
                "",
                (a, b) -> !a.data().isContiguous() && !b.data().isContiguous());
        wrongIf(
                "wrong for different layouts",
                "",
                (a, b) -> a.data().isContiguous() != b.data().isContiguous());
        wrongIf(
                "wrong for a[0] = b[0] = 0.25",
                "a number that nothing suggests",
                (a, b) -> firstIs(0.25, a) && firstIs(0.25, b));
        broadcast("lost broadcast sum", 1);
        broadcast("averaged broadcast sum", 0);
        wrongIf(
                "wrong if all elements are equal in both",
                "",
                (a, b) -> a.shape().equals(b.shape())
                        && Arrays.equals(a.data().toDoubleArray(), b.data().toDoubleArray()));
        wrongIf(
                "wrong if the second is -1",
                "",
                (a, b) -> Arrays.stream(b.data().toDoubleArray()).anyMatch(v -> v == -1));
        wrongIf(
                "wrong for two scalars",
                "",
                (a, b) -> a.shape().rank() + b.shape().rank() == 0);
        wrongIf("wrong if the second has four axes", "", (a, b) -> b.shape().rank() == 4);
        product("off by 1e-9 when alone", "", (a, b, g) -> g.mul(b).mul(b.requiresGrad() ? 1 : 1 + 1e-9));
        matrices("wrong for square matrices", s -> s.dim(0) == s.dim(1));
        matrices("wrong for one row", s -> s.dim(0) == 1);
        matrices("wrong for a large matrix", s -> s.size() > 64);
        product("exchanged gradients", "", (a, b, g) -> g.mul(a), (a, b, g) -> g.mul(b));
        product("mixed second derivative lost", "", (a, b, g) -> g.mul(b.detach()));
    }

    private static boolean firstIs(double value, Tensor x) {
        return x.shape().size() > 0 && x.data().toDoubleArray()[0] == value;
    }

    private static boolean anyEqual(Tensor a, Tensor b) {
        double[] first = a.data().toDoubleArray();
        double[] second = b.data().toDoubleArray();
        for (int e = 0; e < first.length; e++) {
            if (first[e] == second[e]) {
                return true;
            }
        }
        return false;
    }

    private void broadcast(String name, int power) {
        product(name, "", (a, b, g) -> {
            Tensor gradient = g.mul(b);
            double repeated = (double) gradient.shape().size() / a.shape().size();
            return gradient.div(Math.pow(repeated, 1 + power));
        });
    }

    private void matrices(String name, Predicate<Shape> isWrong) {
        add(
                MATRICES,
                name,
                "",
                t -> op(
                        "matmul",
                        t[0].data().matmul(t[1].data()),
                        edge(t[0], g -> g.matmul(t[1].transpose()).mul(isWrong.test(t[0].shape()) ? 0.5 : 1)),
                        edge(t[1], g -> t[0].transpose().matmul(g))));
    }
}
