package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;

/**
 * {@code ode}: y₀′ = x₀ and yᵢ′ = xᵢ·yᵢ₋₁ from y = 0 at time 0 to time 2, by steps of the classical Runge–Kutta method, and the gradient of
 * the last yᵢ.
 */
final class OdeEval {
    private static final double END = 2;
    private static final Tensor ONE = Tensor.ones(1);

    private OdeEval() {}

    private record Input(Tensor x, int s) {}

    static Eval<Input> eval() {
        return Eval.of(Input.class)
                .function("primal", in -> solve(in.x(), in.s()))
                .function(
                        "gradient", in -> Transforms.grad(x -> solve(x, in.s()).select(0, -1), in.x()));
    }

    private static Tensor solve(Tensor x, int steps) {
        double h = END / steps;
        Tensor y = Tensor.zerosLike(x);
        for (int step = 0; step < steps; step++) {
            Tensor k1 = slope(x, y);
            Tensor k2 = slope(x, y.add(k1.mul(h / 2)));
            Tensor k3 = slope(x, y.add(k2.mul(h / 2)));
            Tensor k4 = slope(x, y.add(k3.mul(h)));
            y = y.add(k2.add(k3).mul(2).add(k1).add(k4).mul(h / 6));
        }
        return y;
    }

    private static Tensor slope(Tensor x, Tensor y) {
        return x.mul(Tensor.concat(0, ONE, y.slice(0, 0, y.shape().size() - 1)));
    }
}
