package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.testkit.HiddenFaults.Hidden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/** Further {@link HiddenFaults}, in an elementwise product and a product of matrices. */
final class HiddenPairFaults {
    private static final Operation PRODUCT =
            Operation.binary("product", (a, b) -> a).shapes("(...),(...)").order(2);
    private static final Operation MATRICES =
            Operation.binary("matmul", (a, b) -> a).shapes("(n,k),(k,m)").order(2);

    private final List<Hidden> all = new ArrayList<>();

    private HiddenPairFaults() {}

    static List<Hidden> all() {
        HiddenPairFaults faults = new HiddenPairFaults();
        faults.pairs();
        return faults.all;
    }

    private void add(Operation shape, String name, String excuse, Function<Tensor[], Tensor> faulty) {
        all.add(new Hidden(name, shape, () -> faulty, excuse));
    }

    private void product(String name, String excuse, BiPredicate<Tensor, Tensor> isWrong) {
        add(
                PRODUCT,
                name,
                excuse,
                t -> op(
                        "product",
                        t[0].data().mul(t[1].data()),
                        edge(t[0], g -> g.mul(t[1]).mul(isWrong.test(t[0], t[1]) ? 0.5 : 1)),
                        edge(t[1], g -> g.mul(t[0]))));
    }

    private void pairs() {
        product("wrong for one tensor twice", "", (a, b) -> a == b);
        product(
                "wrong if two elements are equal in both",
                "",
                (a, b) -> a.shape().equals(b.shape()) && anyEqual(a, b));
        product("wrong if one input is 0", "", (a, b) -> HiddenFaults.largest(b) == 0);
        product("wrong if the other has no gradient", "", (a, b) -> !b.requiresGrad());
        product("wrong for equal shapes", "", (a, b) -> a.shape().equals(b.shape()));
        product("wrong for different shapes", "", (a, b) -> !a.shape().equals(b.shape()));
        product(
                "wrong if a scalar broadcasts",
                "",
                (a, b) -> a.shape().rank() == 0 && b.shape().rank() > 0);
        product(
                "wrong for broadcast of more than 64",
                "",
                (a, b) -> a.shape().size() < b.shape().size() && b.shape().size() > 64);
        product(
                "wrong if both are views",
                "",
                (a, b) -> !a.data().isContiguous() && !b.data().isContiguous());
        product(
                "wrong for different layouts",
                "",
                (a, b) -> a.data().isContiguous() != b.data().isContiguous());
        product(
                "wrong for a[0] = b[0] = 0.25",
                "a number that nothing suggests",
                (a, b) -> firstIs(0.25, a) && firstIs(0.25, b));
        broadcast("lost broadcast sum", 1);
        broadcast("averaged broadcast sum", 0);
        product(
                "wrong if all elements are equal in both",
                "",
                (a, b) -> a.shape().equals(b.shape())
                        && Arrays.equals(a.data().toDoubleArray(), b.data().toDoubleArray()));
        product(
                "wrong if the second is -1",
                "",
                (a, b) -> Arrays.stream(b.data().toDoubleArray()).anyMatch(v -> v == -1));
        product(
                "wrong for two scalars",
                "",
                (a, b) -> a.shape().rank() + b.shape().rank() == 0);
        product("wrong if the second has four axes", "", (a, b) -> b.shape().rank() == 4);
        add(
                PRODUCT,
                "off by 1e-9 when alone",
                "",
                t -> op(
                        "product",
                        t[0].data().mul(t[1].data()),
                        edge(t[0], g -> g.mul(t[1]).mul(t[1].requiresGrad() ? 1 : 1 + 1e-9)),
                        edge(t[1], g -> g.mul(t[0]))));
        matrices("wrong for square matrices", s -> s.dim(0) == s.dim(1));
        matrices("wrong for one row", s -> s.dim(0) == 1);
        matrices("wrong for a large matrix", s -> s.size() > 64);
        add(
                PRODUCT,
                "exchanged gradients",
                "",
                t -> op(
                        "product",
                        t[0].data().mul(t[1].data()),
                        edge(t[0], g -> g.mul(t[0])),
                        edge(t[1], g -> g.mul(t[1]))));
        add(
                PRODUCT,
                "mixed second derivative lost",
                "",
                t -> op(
                        "product",
                        t[0].data().mul(t[1].data()),
                        edge(t[0], g -> g.mul(t[1].detach())),
                        edge(t[1], g -> g.mul(t[0]))));
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
        add(
                PRODUCT,
                name,
                "",
                t -> op(
                        "product",
                        t[0].data().mul(t[1].data()),
                        edge(t[0], g -> {
                            Tensor gradient = g.mul(t[1]);
                            double repeated = (double) gradient.shape().size()
                                    / t[0].shape().size();
                            return gradient.div(Math.pow(repeated, 1 + power));
                        }),
                        edge(t[1], g -> g.mul(t[0]))));
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
