package io.adjoint.fit;

import io.adjoint.autograd.equations.DenseVectors;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Triangle;
import io.adjoint.core.linalg.DecompositionKernels;
import io.adjoint.core.linalg.LinearSystemKernels;
import org.jspecify.annotations.Nullable;

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
    private final NdArray gradient;
    private final double gradientNorm;

    /** The step of the undamped equations, or nearly, from which each search for a damping begins. */
    private final Solution full;

    private Solution now;

    /**
     * A step and its length.
     *
     * @param factor the factor of the damped matrix: {@code L·Lᵀ = A + λ·I}
     */
    @SuppressWarnings("ArrayRecordComponent") // nothing compares them
    private record Solution(double damping, NdArray factor, double[] step, double length) {}

    DampedEquations(double[] matrix, double[] gradient) {
        this.matrix = matrix;
        n = gradient.length;
        this.gradient = NdArray.wrap(Shape.of(n, 1), gradient);
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
        double[] w = LinearSystemKernels.solveTriangular(
                        now.factor, NdArray.wrap(Shape.of(n, 1), now.step), Triangle.LOWER)
                .toDoubleArray();
        double ratio = now.length / DenseVectors.norm(w);
        return now.damping + ratio * ratio * (now.length - radius) / radius;
    }

    /** Solves with a damping, or with the smallest larger one for which rounding leaves the matrix positive-definite. */
    private Solution solve(double least) {
        double damping = least;
        NdArray factor = factorized(damping);
        while (factor == null) {
            damping = Math.max(10 * damping, 1e-15 * n);
            factor = factorized(damping);
        }
        NdArray half = LinearSystemKernels.solveTriangular(factor, gradient, Triangle.LOWER);
        double[] step = LinearSystemKernels.solveTriangular(factor.transpose(), half, Triangle.UPPER)
                .neg()
                .toDoubleArray();
        return new Solution(damping, factor, step, DenseVectors.norm(step));
    }

    private @Nullable NdArray factorized(double damping) {
        double[] damped = matrix.clone();
        for (int k = 0; k < n; k++) {
            damped[k * n + k] += damping;
        }
        try {
            return DecompositionKernels.cholesky(NdArray.wrap(Shape.of(n, n), damped));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
