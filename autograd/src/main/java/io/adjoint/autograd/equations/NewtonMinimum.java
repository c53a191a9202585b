package io.adjoint.autograd.equations;

import io.adjoint.autograd.Tensor;
import java.util.function.UnaryOperator;

/** Decides when a {@link TrustRegion}'s search for {@link Implicit#argmin} ends. */
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
    Tensor solve() {
        TrustRegion search = new TrustRegion(function, start, TrustRegion.EVERYWHERE);
        if (!(Math.abs(search.value()) < Double.POSITIVE_INFINITY)) {
            throw new SolverException(equation.op() + ": the function's value at the start is " + search.value()
                    + ", at x = " + NewtonRoots.brief(start));
        }
        double eps = start.dtype().eps();
        ImplicitOptions.Accuracy end = options.accuracy(start.dtype(), DenseVectors.of(start), Math.sqrt(eps));
        int most = options.iterations(1000);
        int iteration = 0;
        while (iteration < most) {
            if (!(DenseVectors.largest(search.gradient()) < Double.POSITIVE_INFINITY)) {
                throw new SolverException(equation.op() + ": the gradient in iteration " + iteration
                        + " is not finite at x = " + NewtonRoots.brief(x(search)));
            }
            double[] at = search.x();
            TrustRegion.Step step = search.attempt(change -> end.isReached(change, at));
            boolean isFinite = step.length() < Double.POSITIVE_INFINITY;
            boolean isEnd = step.isShort() || (step.isHidden() && !step.isTaken());
            if (isFinite && isEnd && step.isWhole()) {
                requireMinimum(x(search));
                return x(search);
            } else if (step.isTaken()) {
                iteration++;
            } else if (!isFinite || search.isStuck(eps)) {
                throw new SolverException(equation.op() + ": found no smaller value after " + iteration
                        + " iterations: " + gradient(search)
                        + "; the function may have a kink there, or not be bounded below");
            }
        }
        throw new SolverException(equation.op() + ": did not converge in " + most + " iterations: " + gradient(search)
                + ", where the function is " + search.value()
                + "; is it bounded below? Start nearer to the minimum, or raise maxIterations");
    }

    private Tensor x(TrustRegion search) {
        return DenseVectors.tensor(search.x(), start);
    }

    private String gradient(TrustRegion search) {
        return "the gradient has the norm " + DenseVectors.norm(search.gradient()) + " at x = "
                + NewtonRoots.brief(x(search));
    }

    /** Refuses a stationary point that is a saddle or a maximum. */
    private void requireMinimum(Tensor x) {
        if (equation.solver() != LinearSolver.DENSE && equation.solver() != LinearSolver.ROWS) {
            return;
        }
        Tensor matrices = LinearSystems.matrices(equation, equation.linearize(x), start);
        if (!(DenseVectors.largest(DenseVectors.of(matrices)) < Double.POSITIVE_INFINITY)) {
            throw new SolverException(
                    equation.op() + ": the matrix of second derivatives is not finite at x = " + NewtonRoots.brief(x));
        }
        // Without the differences between the halves, which are rounding errors.
        Tensor values = matrices.add(matrices.transpose()).mul(0.5).eigvalsh();
        double smallest = values.min().item();
        double most = DenseVectors.largest(DenseVectors.of(values));
        if (smallest < -most * values.shape().size() * start.dtype().eps()) {
            throw new SolverException(equation.op() + ": x = " + NewtonRoots.brief(x)
                    + " is a saddle or a maximum, not a minimum: the matrix of second derivatives has the eigenvalue "
                    + smallest + "; start elsewhere");
        }
    }
}
