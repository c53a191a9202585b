package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.benchmarks.gradbench.GradientDescent.Mode;

/**
 * {@code particle}: the w for which a charged particle that two charges, at (10, 10 − w) and (10, 0), repel reaches the horizontal axis at
 * the origin: gradient descent over a path by Euler's method, each of whose steps takes the gradient of the potential. The function's name
 * has the mode of the outer and of the inner gradient: {@code f} forward, {@code r} reverse.
 */
final class ParticleEval {
    private static final double DELTA = 0.1;

    private ParticleEval() {}

    private record Input(double w) {}

    static Eval<Input> eval() {
        return Eval.of(Input.class)
                .withoutWorkspace()
                .function("ff", in -> best(Mode.FORWARD, Mode.FORWARD, in.w()))
                .function("fr", in -> best(Mode.FORWARD, Mode.REVERSE, in.w()))
                .function("rf", in -> best(Mode.REVERSE, Mode.FORWARD, in.w()))
                .function("rr", in -> best(Mode.REVERSE, Mode.REVERSE, in.w()));
    }

    private static double best(Mode outer, Mode inner, double start) {
        return GradientDescent.argMin(outer, w -> squaredDistance(inner, w), Tensor.of(start))
                .item();
    }

    /** The square of the number at which the particle crosses the horizontal axis, by linear interpolation in the last step. */
    private static Tensor squaredDistance(Mode mode, Tensor w) {
        Tensor charges = Tensor.concat(0, Tensor.of(10.0), w.rsub(10), Tensor.of(10.0, 0))
                .reshape(2, 2);
        Tensor position = Tensor.of(0.0, 8);
        Tensor velocity = Tensor.of(0.75, 0);
        while (true) {
            Tensor slope = mode.gradient(x -> potential(x, charges), position);
            position = position.add(velocity.mul(DELTA));
            Tensor height = position.select(0, 1);
            if (height.item() <= 0) {
                Tensor time = height.neg().div(velocity.select(0, 1));
                return velocity.select(0, 0)
                        .mul(time)
                        .add(position.select(0, 0))
                        .square();
            }
            velocity = velocity.sub(slope.mul(DELTA));
        }
    }

    private static Tensor potential(Tensor x, Tensor charges) {
        return charges.sub(x).square().sum(1).rsqrt().sum();
    }
}
