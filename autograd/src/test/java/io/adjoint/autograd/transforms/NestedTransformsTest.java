package io.adjoint.autograd.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NestedTransformsTest {
    private static Tensor expTanh(Tensor x) {
        return x.exp().tanh();
    }

    /** The derivative of tanh(eᵗ), of order 1 to 4, computed from u = eᵗ and y = tanh u. */
    private double derivative(int order, double t) {
        double u = Math.exp(t);
        double y = Math.tanh(u);
        double s = 1 - y * y;
        // tanh' = s, s' = -2ys; chain rule with u' = u, by the Stirling numbers of the second kind.
        double d1 = s;
        double d2 = -2 * y * s;
        double d3 = -2 * s * s + 4 * y * y * s;
        double d4 = 16 * y * s * s - 8 * y * y * y * s;
        return switch (order) {
            case 1 -> d1 * u;
            case 2 -> d1 * u + d2 * u * u;
            case 3 -> d1 * u + 3 * d2 * u * u + d3 * u * u * u;
            default -> d1 * u + 7 * d2 * u * u + 6 * d3 * u * u * u + d4 * u * u * u * u;
        };
    }

    @Test
    void reachesOrderFour() {
        Function<Tensor, Tensor> d = NestedTransformsTest::expTanh;
        for (int order = 1; order <= 4; order++) {
            d = Transforms.grad(d);
            assertThat(d.apply(Tensor.scalar(-0.3)).item())
                    .as("order %d", order)
                    .isCloseTo(derivative(order, -0.3), within(1e-12));
        }
    }

    @Test
    void ofNestedLambdasReachesOrderFour() {
        Tensor fourth = Transforms.grad(
                a -> Transforms.grad(
                        b -> Transforms.grad(c -> Transforms.grad(NestedTransformsTest::expTanh, c), b), a),
                Tensor.scalar(-0.3));

        assertThat(fourth.item()).isCloseTo(derivative(4, -0.3), within(1e-12));
        assertThat(fourth.requiresGrad()).isFalse();
    }

    @Test
    void doesNotConfuseInnerWithOuter() {
        Tensor one = Tensor.scalar(1);

        // d/dx [x · d/dy (x + y)] = 1, not 2
        assertThat(Transforms.grad(a -> a.mul(Transforms.grad(b -> a.add(b), one)), one)
                        .item())
                .isEqualTo(1);
        // d/dx [x · d/dy (x·y)] = 2x
        assertThat(Transforms.grad(a -> a.mul(Transforms.grad(b -> a.mul(b), one)), Tensor.scalar(3))
                        .item())
                .isEqualTo(6);
    }

    @Test
    void differentiatesTheInnerValueToo() {
        Tensor g = Transforms.grad(
                a -> Transforms.valueAndGrad(NestedTransformsTest::expTanh, a)
                        .value()
                        .square(),
                Tensor.scalar(-0.3));

        assertThat(g.item()).isCloseTo(2 * Math.tanh(Math.exp(-0.3)) * derivative(1, -0.3), within(1e-12));
    }

    @Test
    void differentiatesJvpAndVjpAndHvp() {
        Tensor at = Tensor.scalar(-0.3);
        Tensor two = Tensor.scalar(2);

        assertThat(Transforms.grad(
                                a -> Transforms.jvp(NestedTransformsTest::expTanh, a, two)
                                        .tangent(),
                                at)
                        .item())
                .isCloseTo(2 * derivative(2, -0.3), within(1e-12));
        assertThat(Transforms.grad(
                                u -> Transforms.jvp(NestedTransformsTest::expTanh, at, u)
                                        .tangent(),
                                two)
                        .item())
                .isCloseTo(derivative(1, -0.3), within(1e-12));
        assertThat(Transforms.grad(
                                a -> Transforms.vjp(NestedTransformsTest::expTanh, a)
                                        .pull(two),
                                at)
                        .item())
                .isCloseTo(2 * derivative(2, -0.3), within(1e-12));
        assertThat(Transforms.grad(a -> Transforms.hvp(NestedTransformsTest::expTanh, a, two), at)
                        .item())
                .isCloseTo(2 * derivative(3, -0.3), within(1e-12));
        assertThat(Transforms.jvp(
                                a -> Transforms.jvp(NestedTransformsTest::expTanh, a, two)
                                        .tangent(),
                                at,
                                two)
                        .tangent()
                        .item())
                .isCloseTo(4 * derivative(2, -0.3), within(1e-12));
    }

    @Test
    void fitsAMetaStep() {
        // One step of gradient descent on w·t, differentiated with respect to the start and to the step.
        Tensor t = Tensor.of(1, 2);
        Function<List<Tensor>, Tensor> afterAStep = p -> {
            Tensor w = p.get(0);
            Tensor moved =
                    w.sub(Transforms.grad(v -> v.mul(t).square().sum(), w).mul(p.get(1)));
            return moved.mul(t).square().sum();
        };
        List<Tensor> gradient = Transforms.grad(afterAStep, List.of(Tensor.scalar(3), Tensor.scalar(0.05)));

        // moved = w(1 − 10s), loss 5·moved²
        assertThat(gradient.get(0).item()).isCloseTo(10 * 3 * 0.5 * 0.5, within(1e-12));
        assertThat(gradient.get(1).item()).isCloseTo(10 * 3 * 0.5 * -30, within(1e-12));
    }
}
