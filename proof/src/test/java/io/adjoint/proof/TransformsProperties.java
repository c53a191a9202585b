package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.testkit.Tensors;
import io.adjoint.testkit.Values;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Compares Jacobians, Hessians and checkpoints of smooth functions with the same results computed in other ways. */
class TransformsProperties {
    private static final Values ELEMENTS = Values.between(-2, 2);

    /** Draws the two weights of a net, a point and two directions: the arguments of the tests of a function [..., n] → [..., m]. */
    @Provide
    Arbitrary<List<Tensor>> nets() {
        return Tensors.fitting("(n,4),(4,m),(n),(n),(m)", ELEMENTS);
    }

    @Provide
    Arbitrary<List<Tensor>> scalarNets() {
        return Tensors.fitting("(n,4),(4,1),(n),(n)", ELEMENTS);
    }

    @Provide
    Arbitrary<List<Tensor>> segments() {
        return Tensors.fitting("(n,n),(n),(m,n)", ELEMENTS);
    }

    /** A smooth nonlinear function [..., n] -> [..., m]. */
    private static Function<Tensor, Tensor> net(Tensor first, Tensor second) {
        return x -> {
            Tensor h = x.matmul(first.mul(0.5)).tanh();
            return h.mul(h.sigmoid())
                    .matmul(second)
                    .add(x.square().sum(Dims.KEEP, -1).mul(0.1));
        };
    }

    private static void assertClose(Tensor actual, Tensor expected, double precision) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.data().toDoubleArray())
                .usingComparatorWithPrecision(precision)
                .containsExactly(expected.data().toDoubleArray());
    }

    @Property
    void allSweepsGiveTheSameJacobian(@ForAll("nets") List<Tensor> net) {
        Function<Tensor, Tensor> f = net(net.get(0), net.get(1));
        Tensor x = net.get(2);
        int n = x.shape().dim(0);
        int m = net.get(1).shape().dim(1);

        Tensor rows = Transforms.jacobian(f, x, JacobianMode.ROWS);
        for (JacobianMode sweep : JacobianMode.values()) {
            assertClose(Transforms.jacobian(f, x, sweep), rows, 1e-12);
        }
        Tensor copies = Transforms.batchJacobian(f, x.broadcastTo(Shape.of(2, n)));
        assertClose(copies, rows.broadcastTo(Shape.of(2, m, n)), 1e-12);
    }

    @Property
    void productsAreThoseWithTheJacobianAndWithDifferences(@ForAll("nets") List<Tensor> net) {
        Function<Tensor, Tensor> f = net(net.get(0), net.get(1));
        Tensor x = net.get(2);
        Tensor u = net.get(3);
        Tensor v = net.get(4);
        Tensor jacobian = Transforms.jacobian(f, x);
        double h = 1e-5;
        Tensor difference =
                f.apply(x.add(u.mul(h))).sub(f.apply(x.sub(u.mul(h)))).div(2 * h);

        assertClose(Transforms.jvp(f, x, u).tangent(), jacobian.matmul(u), 1e-12);
        assertClose(Transforms.jvp(f, x, u).tangent(), difference, 1e-7);
        assertClose(Transforms.vjp(f, x).pull(v), v.matmul(jacobian), 1e-12);
        Transforms.Linear<Tensor, Tensor> linear = Transforms.linearize(f, x);
        for (int k = 1; k < 3; k++) {
            assertClose(linear.push(u.mul(k)), jacobian.matmul(u.mul(k)), 1e-12);
            assertClose(linear.pull(v.mul(k)), v.mul(k).matmul(jacobian), 1e-12);
        }
        assertClose(linear.value(), f.apply(x), 1e-12);
    }

    @Property
    void theHessianIsSymmetricAndItsProductsAgree(@ForAll("scalarNets") List<Tensor> weights) {
        Function<Tensor, Tensor> net = net(weights.get(0), weights.get(1));
        Function<Tensor, Tensor> f = x -> net.apply(x).sum();
        Tensor x = weights.get(2);
        Tensor v = weights.get(3);
        Tensor hessian = Transforms.hessian(f, x);
        double h = 1e-5;
        Tensor difference = Transforms.grad(f, x.add(v.mul(h)))
                .sub(Transforms.grad(f, x.sub(v.mul(h))))
                .div(2 * h);

        assertClose(hessian, hessian.transpose(), 1e-12);
        assertClose(Transforms.jacobian(t -> Transforms.grad(f, t), x, JacobianMode.COLUMNS), hessian, 1e-12);
        assertClose(Transforms.hvp(f, x, v), hessian.matmul(v), 1e-12);
        assertClose(Transforms.vhp(f, x, v), v.matmul(hessian), 1e-12);
        assertClose(Transforms.hvp(f, x, v), difference, 1e-7);
    }

    @Property
    void aCheckpointChangesNoBit(@ForAll("segments") List<Tensor> tensors, @ForAll @IntRange(max = 2) int depth) {
        Tensor[] p = tensors.toArray(new Tensor[0]);
        for (GraphMode graph : GraphMode.values()) {
            assertThat(gradients(p, depth, graph)).isEqualTo(gradients(p, -1, graph));
        }
        List<Tensor> expected = Transforms.grad(q -> second(q, -1), List.of(p));
        List<Tensor> actual = Transforms.grad(q -> second(q, depth), List.of(p));
        for (int k = 0; k < p.length; k++) {
            Tensor error = actual.get(k).sub(expected.get(k)).abs().amax();
            assertThat(error.item())
                    .isLessThanOrEqualTo(1e-9 * expected.get(k).abs().amax().item());
        }
    }

    /** Returns the value of the program and its gradients. */
    private static List<NdArray> gradients(Tensor[] at, int depth, GraphMode graph) {
        List<Tensor> p = Stream.of(at).map(x -> x.requiresGrad(true)).toList();
        Tensor loss = loss(p, depth);
        loss.backward(graph);
        return Stream.concat(Stream.of(loss), p.stream().map(Tensor::grad))
                .map(Objects::requireNonNull)
                .map(Tensor::data)
                .toList();
    }

    private static Tensor second(List<Tensor> p, int depth) {
        List<Tensor> first = Transforms.grad(q -> loss(q, depth), p);
        return first.get(0).square().sum().add(first.get(1).mul(first.get(2)).sum());
    }

    /** A program that uses each tensor several times, inside and outside of nested checkpointed segments. */
    private static Tensor loss(List<Tensor> p, int depth) {
        Tensor w = p.get(0);
        Tensor b = p.get(1);
        Tensor x = p.get(2);
        Tensor scale = w.mul(b).sum();
        Function<Tensor, Tensor> f = segment(w, b, scale, depth);
        Tensor y = f.apply(x.add(b)).mul(w.sum()).add(x).mul(scale).add(f.apply(x));
        return y.tanh().sum().add(w.square().sum());
    }

    private static Function<Tensor, Tensor> segment(Tensor w, Tensor b, Tensor scale, int depth) {
        Function<Tensor, Tensor> body =
                h -> h.matmul(w).add(b).tanh().matmul(w).mul(scale).add(b).mul(h);
        return depth < 0
                ? body
                : depth == 0
                        ? h -> Transforms.checkpoint(body, h)
                        : h -> Transforms.checkpoint(segment(w, b, scale, depth - 1), h);
    }
}
