package io.adjoint.fit;

import io.adjoint.autograd.equations.DenseVectors;
import io.adjoint.core.linalg.Cholesky;

/**
 * The equations {@code (A + λ·I)·s = −g} of a step, A being {@code JᵀJ} in scaled parameters, whose diagonal is 1 or less. The damping λ
 * that makes a step as long as the trust region is found by Hebden's iteration: J. J. Moré, The Levenberg–Marquardt algorithm:
 * implementation and theory, 1978.
 */
final class DampedEquations {
    private static final double SLACK = 0.1;
    private static final int MOST_ITERATIONS = 10;

    private final int n;
    private final double[] matrix;
    private final double[] gradient;
    private final double gradientNorm;

    /** The step of the undamped equations, or nearly, from which each search for a damping begins. */
    private final Solution full;

    private Solution now;

    /**
     * A step and its length.
     *
     * @param factor the decomposition of the damped matrix: {@code L·Lᵀ = A + λ·I}
     */
    @SuppressWarnings("ArrayRecordComponent") // nothing compares them
    private record Solution(double damping, Cholesky factor, double[] step, double length) {}

    DampedEquations(double[] matrix, double[] gradient) {
        this.matrix = matrix;
        n = gradient.length;
        this.gradient = gradient;
        gradientNorm = DenseVectors.norm(gradient);
        full = solve(0);
        now = full;
    }

    /** The step of {@link #within}. */
    double[] step() {
        return now.step;
    }

    double length() {
        return now.length;
    }

    /** Returns whether the step is that of the undamped equations. */
    boolean isFull() {
        return now.damping == 0;
    }

    /** Solves for the smallest damping with which the step's length is at most the radius, within a tenth. */
    void within(double radius) {
        now = full;
        if (now.length <= (1 + SLACK) * radius) {
            return;
        }
        double low = 0;
        double high = gradientNorm / radius;
        double next = newton(radius);
        for (int k = 0; k < MOST_ITERATIONS; k++) {
            if (!(next > low && next < high)) {
                next = Math.max(1e-3 * high, Math.sqrt(low * high));
            }
            now = solve(next);
            if (Math.abs(now.length - radius) <= SLACK * radius) {
                return;
            } else if (now.length < radius) {
                high = now.damping;
            } else {
                low = now.damping;
            }
            next = newton(radius);
        }
    }

    /** Newton's method for {@code 1/radius = 1/length(λ)}, which is almost linear in λ. */
    private double newton(double radius) {
        double[] w = now.factor.solveLower(now.step);
        double ratio = now.length / DenseVectors.norm(w);
        return now.damping + ratio * ratio * (now.length - radius) / radius;
    }

    /** Solves with a damping, or with the smallest larger one for which rounding leaves the matrix positive-definite. */
    private Solution solve(double least) {
        double damping = least;
        Cholesky factor = new Cholesky(n, matrix, damping);
        while (factor.definite() < n) {
            damping = Math.max(10 * damping, 1e-15 * n);
            factor = new Cholesky(n, matrix, damping);
        }
        double[] step = factor.solveUpper(factor.solveLower(gradient));
        for (int k = 0; k < n; k++) {
            step[k] = -step[k];
        }
        return new Solution(damping, factor, step, DenseVectors.norm(step));
    }
}
