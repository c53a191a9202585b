package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TransformsProperties {
    private static Tensor normal(RandomGenerator random, int... sides) {
        Shape shape = Shape.of(sides);
        double[] values = new double[shape.size()];
        Arrays.setAll(values, e -> random.nextGaussian());
        return Tensor.of(NdArray.of(shape, values));
    }

    /** A smooth function [..., n] -> [..., m] with all of its second derivatives. */
    private static Function<Tensor, Tensor> net(RandomGenerator random, int n, int m) {
        Tensor first = normal(random, n, 4).mul(0.5);
        Tensor second = normal(random, 4, m);
        return x -> {
            Tensor h = x.matmul(first).tanh();
            return h.mul(h.sigmoid())
                    .matmul(second)
                    .add(x.square().sum(true, -1).mul(0.1));
        };
    }

    private static void assertClose(Tensor actual, Tensor expected, double precision) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.data().toDoubleArray())
                .usingComparatorWithPrecision(precision)
                .containsExactly(expected.data().toDoubleArray());
    }

    @Property
    void allSweepsGiveTheSameJacobian(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int n, @ForAll @IntRange(min = 1, max = 5) int m) {
        RandomGenerator random = new SplittableRandom(seed);
        Function<Tensor, Tensor> f = net(random, n, m);
        Tensor x = normal(random, n);

        Tensor rows = Transforms.jacobian(f, x, Sweep.ROWS);
        for (Sweep sweep : Sweep.values()) {
            assertClose(Transforms.jacobian(f, x, sweep), rows, 1e-12);
        }
        Tensor copies = Transforms.batchJacobian(f, x.broadcastTo(Shape.of(2, n)));
        assertClose(copies, rows.broadcastTo(Shape.of(2, m, n)), 1e-12);
    }

    @Property
    void productsAreThoseWithTheJacobianAndWithDifferences(@ForAll long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Function<Tensor, Tensor> f = net(random, 3, 2);
        Tensor x = normal(random, 3);
        Tensor u = normal(random, 3);
        Tensor v = normal(random, 2);
        Tensor jacobian = Transforms.jacobian(f, x);
        double h = 1e-5;
        Tensor difference =
                f.apply(x.add(u.mul(h))).sub(f.apply(x.sub(u.mul(h)))).div(2 * h);

        assertClose(Transforms.jvp(f, x, u).tangent(), jacobian.matmul(u), 1e-12);
        assertClose(Transforms.jvp(f, x, u).tangent(), difference, 1e-7);
        assertClose(Transforms.vjp(f, x).pull(v), v.matmul(jacobian), 1e-12);
    }

    @Property
    void theHessianIsSymmetricAndItsProductsAgree(@ForAll long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Function<Tensor, Tensor> net = net(random, 3, 1);
        Function<Tensor, Tensor> f = x -> net.apply(x).sum();
        Tensor x = normal(random, 3);
        Tensor v = normal(random, 3);
        Tensor hessian = Transforms.hessian(f, x);
        double h = 1e-5;
        Tensor difference = Transforms.grad(f, x.add(v.mul(h)))
                .sub(Transforms.grad(f, x.sub(v.mul(h))))
                .div(2 * h);

        assertClose(hessian, hessian.transpose(), 1e-12);
        assertClose(Transforms.jacobian(t -> Transforms.grad(f, t), x, Sweep.COLUMNS), hessian, 1e-12);
        assertClose(Transforms.hvp(f, x, v), hessian.matmul(v), 1e-12);
        assertClose(Transforms.vhp(f, x, v), v.matmul(hessian), 1e-12);
        assertClose(Transforms.hvp(f, x, v), difference, 1e-7);
    }

    @Property
    void aCheckpointChangesNoBit(@ForAll long seed, @ForAll @IntRange(max = 2) int depth) {
        RandomGenerator random = new SplittableRandom(seed);
        Tensor[] p = {normal(random, 3, 3), normal(random, 3), normal(random, 2, 3)};
        for (Graph graph : Graph.values()) {
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

    /** Value and gradients. */
    private static List<NdArray> gradients(Tensor[] at, int depth, Graph graph) {
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

    /** A program that uses each tensor in several places, within and outside of nested segments. */
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
