package io.adjoint.fit;

import io.adjoint.autograd.equations.DenseVectors;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.Triangle;
import io.adjoint.core.linalg.DecompositionKernels;
import io.adjoint.core.linalg.LinearSystemKernels;

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

    /** The damping of the factor, and the factor: {@code L·Lᵀ = A + λ·I}. */
    private double damping;

    private NdArray factor;
    private double[] step;
    private double length;

    DampedEquations(double[] matrix, double[] gradient) {
        this.matrix = matrix;
        n = gradient.length;
        this.gradient = NdArray.wrap(Shape.of(n, 1), gradient);
        gradientNorm = DenseVectors.norm(gradient);
        factor = this.gradient;
        step = gradient;
        solve(0);
    }

    /** The step of {@link #within}. */
    double[] step() {
        return step;
    }

    double length() {
        return length;
    }

    /** Returns whether the step is that of the undamped equations. */
    boolean isFull() {
        return damping == 0;
    }

    /** Solves for the smallest damping with which the step's length is at most the radius, within a tenth. */
    void within(double radius) {
        if (damping != 0) {
            solve(0);
        }
        if (length <= (1 + SLACK) * radius) {
            return;
        }
        double low = 0;
        double high = gradientNorm / radius;
        double next = newton(radius);
        for (int k = 0; k < MOST_ITERATIONS; k++) {
            if (!(next > low && next < high)) {
                next = Math.max(1e-3 * high, Math.sqrt(low * high));
            }
            solve(next);
            if (Math.abs(length - radius) <= SLACK * radius) {
                return;
            } else if (length < radius) {
                high = damping;
            } else {
                low = damping;
            }
            next = newton(radius);
        }
    }

    /** Newton's method for {@code 1/radius = 1/length(λ)}, which is almost linear in λ. */
    private double newton(double radius) {
        double[] w = LinearSystemKernels.solveTriangular(factor, NdArray.wrap(Shape.of(n, 1), step), Triangle.LOWER)
                .toDoubleArray();
        double ratio = length / DenseVectors.norm(w);
        return damping + ratio * ratio * (length - radius) / radius;
    }

    /** Solves with a damping, or with the smallest larger one for which rounding leaves the matrix positive-definite. */
    private void solve(double least) {
        damping = least;
        while (!factorize()) {
            damping = Math.max(10 * damping, 1e-15 * n);
        }
        NdArray half = LinearSystemKernels.solveTriangular(factor, gradient, Triangle.LOWER);
        step = LinearSystemKernels.solveTriangular(factor.transpose(), half, Triangle.UPPER)
                .neg()
                .toDoubleArray();
        length = DenseVectors.norm(step);
    }

    private boolean factorize() {
        double[] damped = matrix.clone();
        for (int k = 0; k < n; k++) {
            damped[k * n + k] += damping;
        }
        try {
            factor = DecompositionKernels.cholesky(NdArray.wrap(Shape.of(n, n), damped));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
