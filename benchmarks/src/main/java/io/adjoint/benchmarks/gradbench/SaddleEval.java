package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.benchmarks.gradbench.GradientDescent.Mode;
import java.util.function.Function;

/**
 * {@code saddle}: the x and y of the min over x of the max over y of |x|² − |y|², each by gradient descent, so that the outer gradient is
 * taken through the inner descent. The function's name has the mode of the outer and of the inner gradient: {@code f} forward,
 * {@code r} reverse.
 */
final class SaddleEval {
    private SaddleEval() {}

    private record Input(Tensor start) {}

    static Eval<Input> eval() {
        return Eval.of(Input.class)
                .withoutWorkspace()
                .function("ff", in -> saddle(Mode.FORWARD, Mode.FORWARD, in.start()))
                .function("fr", in -> saddle(Mode.FORWARD, Mode.REVERSE, in.start()))
                .function("rf", in -> saddle(Mode.REVERSE, Mode.FORWARD, in.start()))
                .function("rr", in -> saddle(Mode.REVERSE, Mode.REVERSE, in.start()));
    }

    private static Tensor saddle(Mode outer, Mode inner, Tensor start) {
        Function<Tensor, Tensor> max = x -> f(x, GradientDescent.argMax(inner, y -> f(x, y), start));
        Tensor x = GradientDescent.argMin(outer, max, start);
        Tensor y = GradientDescent.argMax(outer, q -> f(x, q), start);
        return Tensor.concat(0, x, y);
    }

    private static Tensor f(Tensor x, Tensor y) {
        return x.square().sum().sub(y.square().sum());
    }
}
