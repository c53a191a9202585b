package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** {@code llsq}: half the sum of squares of sign t − (x₀ + x₁t + x₂t² + …) at n points t from −1 to 1, and its gradient. */
final class LlsqEval {
    /** The points that are computed at once, so few that their powers stay in the cache. */
    private static final int BLOCK = 1024;

    private LlsqEval() {}

    private record Input(Tensor x, int n) {
        Problem problem() {
            return new Problem(x, n, new Workspace());
        }
    }

    private record Problem(Tensor x, int n, Workspace workspace) {
        /** The sum of a function's values at blocks of points. */
        Tensor total(UnaryOperator<Tensor> function) {
            Tensor t = Tensor.linspace(-1, 1, n);
            return IntStream.iterate(0, from -> from < n, from -> from + BLOCK)
                    .mapToObj(from -> t.slice(0, from, Math.min(from + BLOCK, n)))
                    .map(block -> workspace.run(() -> Workspace.keep(function.apply(block))))
                    .reduce(Tensor::add)
                    .orElseThrow();
        }
    }

    static Eval<Problem> eval() {
        return Eval.of(Input.class, Input::problem)
                .withoutWorkspace()
                .function("primal", in -> in.total(t -> halfSquares(in.x(), t)))
                .function("gradient", in -> in.total(t -> Transforms.grad(x -> halfSquares(x, t), in.x())));
    }

    private static Tensor halfSquares(Tensor x, Tensor t) {
        int m = x.shape().size();
        int n = t.shape().size();
        Tensor powers = Tensor.concat(0, Tensor.ones(1, n), t.expand(m - 1, n)).cumprod(0);
        return t.sign().sub(x.matmul(powers)).square().sum().div(2);
    }
}
