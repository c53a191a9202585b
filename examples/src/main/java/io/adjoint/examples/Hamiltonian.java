package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Generator;
import java.util.function.Function;

/**
 * The equations by which a particle moves whose potential is the negative log density.
 *
 * @param logDensity of a vector of unconstrained numbers
 * @param variances the inverse masses; best are the variances of the parameters
 */
record Hamiltonian(Function<Tensor, Tensor> logDensity, Tensor variances) {
    /** A state of the particle, with log density and gradient at its position. */
    record Point(Tensor at, Tensor momentum, double logDensity, Tensor gradient) {}

    /** A point without momentum. */
    Point point(Tensor at) {
        Transforms.ValueAndGrad<Tensor> density = Transforms.valueAndGrad(logDensity, at);
        return new Point(at, Tensor.zerosLike(at), density.value().item(), density.gradient());
    }

    Point withMomentum(Point x, Generator rng) {
        Tensor momentum = Tensor.randn(x.at.shape(), rng).div(variances.sqrt());
        return new Point(x.at, momentum, x.logDensity, x.gradient);
    }

    double energy(Point x) {
        return x.momentum.square().dot(variances).item() / 2 - x.logDensity;
    }

    /** A step of time, backwards if it is negative. */
    Point leapfrog(Point from, double step) {
        Tensor half = from.momentum.add(from.gradient.mul(step / 2));
        Tensor at = from.at.add(half.mul(variances).mul(step));
        try {
            Point to = point(at);
            return new Point(at, half.add(to.gradient.mul(step / 2)), to.logDensity, to.gradient);
        } catch (IllegalArgumentException e) {
            // A distribution refuses parameters that aren't finite and values outside of its support; here their
            // density is 0.
            return new Point(at, half, Double.NEGATIVE_INFINITY, from.gradient);
        }
    }

    /** Returns true if the trajectory turns back: its summed momentum points against the momentum at an end. */
    boolean turns(Point first, Point last, Tensor momentum) {
        Tensor way = momentum.mul(variances);
        return !(way.dot(first.momentum).item() > 0 && way.dot(last.momentum).item() > 0);
    }

    /** A first guess of the step size: the power of two around which the acceptance of a step crosses the target acceptance. */
    double firstStep(Point x, Generator rng) {
        Point start = withMomentum(x, rng);
        double step = 1;
        boolean grows = isAccepted(start, step);
        while (isAccepted(start, grows ? 2 * step : step) == grows) {
            step *= grows ? 2 : 0.5;
        }
        return step;
    }

    private boolean isAccepted(Point start, double step) {
        return energy(start) - energy(leapfrog(start, step)) > StrictMath.log(Adaptation.ACCEPTANCE);
    }
}
