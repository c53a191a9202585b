package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;

/** {@code hello}: x² and its derivative. */
final class HelloEval {
    private HelloEval() {}

    static Eval<Tensor> eval() {
        return Eval.of(Tensor.class)
                .function("square", Tensor::square)
                .function("double", Transforms.grad(Tensor::square));
    }
}
