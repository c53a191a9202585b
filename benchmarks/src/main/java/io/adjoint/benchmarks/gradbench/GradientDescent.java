package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.autograd.transforms.Transforms;
import java.util.function.Function;

/**
 * The gradient descent of GradBench's {@code cpp/gradbench/gd.hpp}, which the evals {@code saddle} and {@code particle} prescribe. It can
 * be differentiated itself: the steps are recorded if an enclosing derivative needs them.
 */
final class GradientDescent {
    private static final double TOLERANCE = 1e-5;

    private GradientDescent() {}

    /** The way in which a gradient is computed. */
    enum Mode {
        /** By a backward pass. */
        REVERSE,
        /** By a forward-mode product for each element of the argument. */
        FORWARD;

        Tensor gradient(Function<Tensor, Tensor> f, Tensor at) {
            return this == REVERSE ? Transforms.grad(f, at) : Transforms.jacobian(f, at, JacobianMode.COLUMNS);
        }
    }

    static Tensor argMax(Mode mode, Function<Tensor, Tensor> f, Tensor start) {
        return argMin(mode, x -> f.apply(x).neg(), start);
    }

    /**
     * A minimum of f. The steps' size grows after ten steps that made f smaller, and shrinks after one that didn't, which isn't taken.
     */
    static Tensor argMin(Mode mode, Function<Tensor, Tensor> f, Tensor start) {
        Tensor x = start;
        double value = f.apply(x).item();
        Tensor gradient = mode.gradient(f, x);
        double rate = 1e-5;
        int steps = 0;
        while (norm(gradient) > TOLERANCE) {
            if (steps == 10) {
                rate *= 2;
                steps = 0;
            }
            Tensor next = x.sub(gradient.mul(rate));
            if (norm(next.sub(x)) <= TOLERANCE) {
                return x;
            }
            double nextValue = f.apply(next).item();
            if (nextValue < value) {
                x = next;
                value = nextValue;
                gradient = mode.gradient(f, x);
                steps++;
            } else {
                rate /= 2;
                steps = 0;
            }
        }
        return x;
    }

    private static double norm(Tensor x) {
        return x.detach().vectorNorm(2).item();
    }
}
