package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;

/**
 * The step size of a Hamiltonian sampler and the variances of its parameters (the inverse masses), learnt in the warm-up: the step by dual
 * averaging (Hoffman and Gelman 2014, algorithm 5), the variances over windows of draws, each twice as long as the one before, as in Stan.
 */
final class Adaptation {
    /** The acceptance that the step size aims at. */
    static final double ACCEPTANCE = 0.8;

    private static final int FIRST_DRAWS = 75;
    private static final int LAST_DRAWS = 50;
    private static final int FIRST_WINDOW = 25;

    private final int warmUp;
    private int draws;
    private int window = FIRST_WINDOW;
    private int end = FIRST_DRAWS + FIRST_WINDOW;

    private Tensor variances;
    private Tensor mean;
    private Tensor squares;
    private int seen;

    private double center;
    private double excess;
    private double logStep;
    private double meanLogStep;
    private int steps;

    /** Begins with variances of 1 for parameters of a shape. */
    Adaptation(int warmUp, Shape shape) {
        this.warmUp = warmUp;
        variances = Tensor.ones(shape);
        mean = Tensor.zeros(shape);
        squares = mean;
    }

    /** Begins to learn the step size, from a guess. */
    void restart(double stepSize) {
        center = StrictMath.log(10 * stepSize);
        logStep = StrictMath.log(stepSize);
        meanLogStep = 0;
        excess = 0;
        steps = 0;
    }

    /** Learns from a draw; returns true if the variances have changed, after which the step size must be learnt anew. */
    boolean learn(Tensor draw, double acceptance) {
        draws++;
        learnStep(acceptance);
        if (draws > FIRST_DRAWS && draws <= warmUp - LAST_DRAWS) {
            seen++;
            Tensor difference = draw.sub(mean);
            mean = mean.add(difference.div(seen));
            squares = squares.add(difference.mul(draw.sub(mean)));
        }
        if (draws != end || end > warmUp - LAST_DRAWS) {
            return false;
        }
        // Stan's estimate: as if five more draws had the variance 0.001.
        variances = squares.div(seen - 1).mul(seen).add(5 * 1e-3).div(seen + 5);
        mean = Tensor.zerosLike(mean);
        squares = mean;
        seen = 0;
        window *= 2;
        // A window after which the next has no room takes all that is left.
        end = end + 3 * window > warmUp - LAST_DRAWS ? warmUp - LAST_DRAWS : end + window;
        return true;
    }

    private void learnStep(double acceptance) {
        steps++;
        double weight = 1.0 / (steps + 10);
        excess = (1 - weight) * excess + weight * (ACCEPTANCE - acceptance);
        logStep = center - StrictMath.sqrt(steps) / 0.05 * excess;
        double newest = StrictMath.pow(steps, -0.75);
        meanLogStep = newest * logStep + (1 - newest) * meanLogStep;
    }

    Tensor variances() {
        return variances;
    }

    /** The step size of the next draw: in the warm-up the newest one, after it the average (of logarithms) since the last restart. */
    double stepSize() {
        return StrictMath.exp(draws < warmUp ? logStep : meanLogStep);
    }
}
