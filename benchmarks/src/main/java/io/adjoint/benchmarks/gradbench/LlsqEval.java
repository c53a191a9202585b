package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;

/** {@code llsq}: half the sum of squares of sign t − (x₀ + x₁t + x₂t² + …) at n points t from −1 to 1, and its gradient. */
final class LlsqEval {
    private LlsqEval() {}

    private record Input(Tensor x, int n) {}

    static Eval<Input> eval() {
        return Eval.of(Input.class)
                .function("primal", in -> halfSquares(in.x(), in.n()))
                .function("gradient", in -> Transforms.grad(x -> halfSquares(x, in.n()), in.x()));
    }

    private static Tensor halfSquares(Tensor x, int n) {
        int m = x.shape().size();
        Tensor t = Tensor.linspace(-1, 1, n);
        Tensor powers = Tensor.concat(0, Tensor.ones(1, n), t.expand(m - 1, n)).cumprod(0);
        return t.sign().sub(x.matmul(powers)).square().sum().div(2);
    }
}
