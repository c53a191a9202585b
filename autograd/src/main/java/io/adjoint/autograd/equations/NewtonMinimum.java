package io.adjoint.autograd.equations;

import io.adjoint.autograd.Decomposition;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import java.util.function.UnaryOperator;

/**
 * Newton's method for a minimum, with a line search: with the matrix of second derivatives, whose eigenvalues are replaced by their
 * absolute values, so that each step goes downhill; or by products, with the conjugate gradient method, which ends at a direction of
 * negative curvature.
 *
 * @see <a href="https://doi.org/10.1007/978-0-387-40065-5">Nocedal and Wright, Numerical Optimization, algorithm 7.1 and section 3.4</a>
 */
final class NewtonMinimum {
    private final Equation equation;
    private final UnaryOperator<Tensor> function;
    private final ImplicitOptions options;
    private final Tensor start;

    /**
     * Prepares the search.
     *
     * @param equation the function's gradient is 0
     */
    NewtonMinimum(Equation equation, UnaryOperator<Tensor> function, ImplicitOptions options, Tensor start) {
        this.equation = equation;
        this.function = function;
        this.options = options;
        this.start = start;
    }

    /** A minimum; recording is off. */
    NdArray solve() {
        Tensor x = start.detach();
        if (x.shape().size() == 0) {
            return x.data();
        }
        double value = value(x);
        if (!(Math.abs(value) < Double.POSITIVE_INFINITY)) {
            throw new SolverException(equation.op() + ": the function's value at the start is " + value + ", at x = "
                    + NewtonRoots.brief(x));
        }
        double first = Double.NaN;
        int most = options.iterations(200);
        double norm = Double.NaN;
        for (int iteration = 0; iteration < most; iteration++) {
            Derivative at = new Derivative(equation, x);
            double[] gradient = LinearSystems.elements(at.value());
            norm = Math.sqrt(LinearSystems.dot(gradient, gradient));
            if (!(norm < Double.POSITIVE_INFINITY)) {
                throw new SolverException(equation.op() + ": the gradient in iteration " + iteration
                        + " is not finite at x = " + NewtonRoots.brief(x));
            }
            first = iteration == 0 ? norm : first;
            double[] step = step(at, x, gradient, norm / first);
            double slope = LinearSystems.dot(step, gradient);
            double[] from = LinearSystems.elements(x);
            boolean last =
                    LinearSystems.largest(step) <= options.tolerance(start.dtype(), true, LinearSystems.largest(from));
            // So near to the minimum the function's own rounding hides the decrease.
            boolean hidden = -slope <= 10 * start.dtype().eps() * Math.abs(value);
            double factor = 1;
            Tensor next = moved(from, step, factor);
            double after = value(next);
            for (int halving = 0;
                    !isLower(after, last || hidden, value + NewtonRoots.DECREASE * factor * slope);
                    halving++) {
                if (halving == NewtonRoots.HALVINGS) {
                    throw new SolverException(equation.op() + ": found no smaller value after " + iteration
                            + " iterations: the gradient has the norm " + norm + " at x = " + NewtonRoots.brief(x)
                            + "; the function may have a kink there, or not be bounded below");
                }
                factor /= 2;
                next = moved(from, step, factor);
                after = value(next);
            }
            x = next;
            value = after;
            if (last) {
                requireMinimum(x);
                return x.data();
            }
        }
        throw new SolverException(equation.op() + ": did not converge in " + most
                + " iterations: the gradient has the norm " + norm + " at x = " + NewtonRoots.brief(x)
                + ", where the function is " + value
                + "; is it bounded below? Start nearer to the minimum, or raise maxIterations");
    }

    /** Returns whether a step may end at a value: at any finite one near the minimum, else at one that isn't above the bound. */
    private static boolean isLower(double value, boolean isNear, double bound) {
        return Math.abs(value) < Double.POSITIVE_INFINITY && (isNear || value <= bound);
    }

    private double value(Tensor x) {
        return function.apply(x).item();
    }

    private Tensor moved(double[] from, double[] step, double factor) {
        double[] next = from.clone();
        for (int k = 0; k < next.length; k++) {
            next[k] += factor * step[k];
        }
        return LinearSystems.tensor(next, start);
    }

    private boolean isDense() {
        return equation.solver() == LinearSolver.DENSE || equation.solver() == LinearSolver.ROWS;
    }

    /** A direction in which the function decreases: Newton's, where the second derivatives are positive. */
    private double[] step(Derivative at, Tensor x, double[] gradient, double progress) {
        double[] downhill = gradient.clone();
        for (int k = 0; k < downhill.length; k++) {
            downhill[k] = -downhill[k];
        }
        if (!isDense()) {
            double[] step = LinearSystems.conjugateGradient(
                            LinearSystems.product(at, true, start),
                            downhill,
                            Math.max(Math.min(1e-2, progress), start.dtype().eps()))
                    .x();
            return LinearSystems.largest(step) > 0 ? step : downhill;
        }
        Tensor matrices = LinearSystems.matrices(equation, at, start);
        Decomposition.Eigen eigen = symmetric(matrices).eigh();
        Tensor values = eigen.values().abs();
        Tensor vectors = eigen.vectors();
        Tensor largest = values.amax(Dims.KEEP, -1);
        Tensor right = LinearSystems.tensor(downhill, start)
                .reshape(matrices.shape().dim(0), matrices.shape().dim(1), 1);
        Tensor coordinates = vectors.transpose().matmul(right).squeeze(-1);
        // Coordinates of the size of the gradient's own rounding errors count as 0: divided by an eigenvalue near 0
        // they would make steps along directions in which the function is flat.
        Tensor rounding = largest.mul(LinearSystems.largest(LinearSystems.elements(x)))
                .add(right.vectorNorm(2, -2).reshape(-1, 1))
                .mul(4 * start.dtype().eps());
        Tensor floor = largest.mul(start.dtype().eps()).clampMin(Double.MIN_NORMAL);
        Tensor steps = Tensor.where(coordinates.abs().le(rounding), 0, coordinates.div(values.maximum(floor)));
        return LinearSystems.elements(vectors.matmul(steps.unsqueeze(-1)));
    }

    /** The matrices without the differences between their halves, which are rounding errors. */
    private static Tensor symmetric(Tensor matrices) {
        return matrices.add(matrices.transpose()).mul(0.5);
    }

    /** Refuses a stationary point that is a saddle or a maximum. */
    private void requireMinimum(Tensor x) {
        if (!isDense()) {
            return;
        }
        Tensor matrices = LinearSystems.matrices(equation, new Derivative(equation, x), start);
        double[] values = LinearSystems.elements(symmetric(matrices).eigvalsh());
        double smallest = 0;
        double most = LinearSystems.largest(values);
        for (double value : values) {
            smallest = Math.min(smallest, value);
        }
        if (smallest < -most * values.length * start.dtype().eps()) {
            throw new SolverException(equation.op() + ": x = " + NewtonRoots.brief(x)
                    + " is a saddle or a maximum, not a minimum: the matrix of second derivatives has the eigenvalue "
                    + smallest + "; start elsewhere");
        }
    }
}
