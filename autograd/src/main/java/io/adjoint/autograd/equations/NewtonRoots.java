package io.adjoint.autograd.equations;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.NdArray;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Newton's method with a line search: the step is halved until the norm of the residual decreases. With {@link LinearSolver#ROWS} each
 * row has its own line search and end.
 */
final class NewtonRoots {
    /** The part of the decrease that the linear model predicts which a step has to achieve. */
    static final double DECREASE = 1e-4;
    /** The number of halvings after which no step will decrease the residual. */
    static final int HALVINGS = 40;

    /** The part of the residual that a step may leave: the next ones make it smaller. */
    private static final double STEP_ACCURACY = 0.5;
    /** An odd factor whose multiples have irregular signs: the golden ratio, times 2⁶⁴. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Equation equation;
    private final ImplicitOptions options;
    private final Tensor like;
    /** The accuracy at which each system ends. */
    private final ImplicitOptions.Accuracy[] ends;
    /** The number of systems, and the number of elements of each. */
    private final int count;

    private final int n;

    NewtonRoots(Equation equation, ImplicitOptions options, Tensor like) {
        this.equation = equation;
        this.options = options;
        this.like = like;
        count = LinearSystems.count(equation, like.shape());
        n = like.shape().size() / count;
        double[] start = DenseVectors.of(like);
        double rtol = Math.sqrt(like.dtype().eps());
        ends = new ImplicitOptions.Accuracy[count];
        Arrays.setAll(ends, k -> options.accuracy(like.dtype(), row(start, k), rtol));
    }

    /** A root; recording is off. */
    NdArray solve() {
        Tensor x = like.detach();
        boolean[] done = new boolean[count];
        int most = options.iterations(200);
        for (int iteration = 0; iteration < most; iteration++) {
            Transforms.Linear<Tensor, Tensor> at = equation.linearize(x);
            double[] residual = DenseVectors.of(at.value());
            requireFinite(x, residual, iteration);
            for (int k = 0; k < count; k++) {
                done[k] |= norm(residual, k) == 0;
            }
            if (all(done)) {
                return x.data();
            }
            Tensor right = at.value().detach().neg();
            double[] step = DenseVectors.of(LinearSystems.solve(
                    equation,
                    at,
                    false,
                    right,
                    STEP_ACCURACY,
                    "in iteration " + iteration + " at x = " + brief(x) + " with |f| = "
                            + DenseVectors.norm(residual)));
            x = searched(x, residual, step, done, iteration);
            if (all(done)) {
                return x.data();
            }
        }
        double[] residual = DenseVectors.of(equation.function().apply(x));
        throw new SolverException(equation.op() + ": Newton's method did not converge in " + most + " iterations: "
                + worst(residual, done, x) + "; start nearer to a root, or raise maxIterations");
    }

    /** The point after a step of each system that isn't done. */
    private Tensor searched(Tensor x, double[] residual, double[] step, boolean[] done, int iteration) {
        double[] from = DenseVectors.of(x);
        boolean[] last = new boolean[count];
        boolean[] accepted = done.clone();
        double[] factor = new double[count];
        for (int k = 0; k < count; k++) {
            last[k] = ends[k].isReached(row(step, k), row(from, k));
            factor[k] = done[k] ? 0 : 1;
        }
        for (int halving = 0; halving <= HALVINGS; halving++) {
            Tensor there = stepped(from, step, factor);
            double[] moved = DenseVectors.of(equation.function().apply(there));
            for (int k = 0; k < count; k++) {
                if (!accepted[k]) {
                    double before = norm(residual, k);
                    double after = norm(moved, k);
                    // A last step is of the size of rounding errors, and so may be its residuals' difference.
                    if (after <= (1 - DECREASE * factor[k]) * before || (last[k] && after <= before)) {
                        accepted[k] = true;
                    } else if (last[k]) {
                        factor[k] = 0;
                        accepted[k] = true;
                    } else {
                        factor[k] /= 2;
                    }
                }
            }
            if (all(accepted)) {
                boolean stayed = false;
                for (int k = 0; k < count; k++) {
                    stayed |= !done[k] && factor[k] == 0;
                    done[k] |= last[k];
                }
                Tensor next = stayed ? stepped(from, step, factor) : there;
                reopen(done, factor, residual, next, stayed ? null : moved);
                return next;
            }
        }
        // Where rounding errors of x change the residual by as much as it is, x is a root as far as f can tell.
        double[] rounding = DenseVectors.of(equation.function().apply(shaken(from)));
        Arrays.setAll(rounding, e -> rounding[e] - residual[e]);
        for (int k = 0; k < count; k++) {
            if (accepted[k]) {
                done[k] |= last[k];
            } else if (norm(residual, k) <= norm(rounding, k)) {
                done[k] = true;
                factor[k] = 0;
            } else {
                throw new SolverException(
                        equation.op() + ": Newton's method found no smaller residual after " + iteration
                                + " iterations: " + residual(residual, k, x)
                                + "; there may be no root near, where |f| has a minimum; start elsewhere"
                                + LinearSystems.advice(count));
            }
        }
        Tensor next = stepped(from, step, factor);
        reopen(done, factor, residual, next, null);
        return next;
    }

    /** Goes on with rows that are done, but whose residuals changed though they stayed: they depend on rows that moved. */
    private void reopen(
            boolean[] done, double[] factor, double[] residual, Tensor next, double @Nullable [] valueThere) {
        if (count > 1) {
            double[] there =
                    valueThere == null ? DenseVectors.of(equation.function().apply(next)) : valueThere;
            for (int k = 0; k < count; k++) {
                done[k] &= factor[k] != 0 || Arrays.equals(row(there, k), row(residual, k));
            }
        }
    }

    /** A point as far from another as a few rounding errors of each element, in irregular directions. */
    private Tensor shaken(double... from) {
        double[] next = from.clone();
        for (int e = 0; e < next.length; e++) {
            next[e] += (e * GOLDEN < 0 ? -4 : 4) * like.dtype().eps() * next[e];
        }
        return DenseVectors.tensor(next, like);
    }

    private Tensor stepped(double[] from, double[] step, double[] factor) {
        double[] next = from.clone();
        for (int e = 0; e < next.length; e++) {
            next[e] += factor[e / n] * step[e];
        }
        return DenseVectors.tensor(next, like);
    }

    private void requireFinite(Tensor x, double[] residual, int iteration) {
        for (int e = 0; e < residual.length; e++) {
            if (!(Math.abs(residual[e]) < Double.POSITIVE_INFINITY)) {
                throw new SolverException(equation.op() + ": the function's value "
                        + (iteration == 0 ? "at the start" : "in iteration " + iteration) + " is " + residual[e]
                        + " at " + Arrays.toString(x.shape().unravelIndex(e)) + ", at x = " + brief(x));
            }
        }
    }

    /** The largest residual of the systems that aren't done. */
    private String worst(double[] residual, boolean[] done, Tensor x) {
        int worst = -1;
        for (int k = 0; k < count; k++) {
            if (!done[k] && (worst < 0 || !(norm(residual, k) <= norm(residual, worst)))) {
                worst = k;
            }
        }
        return residual(residual, Math.max(worst, 0), x);
    }

    private String residual(double[] residual, int system, Tensor x) {
        return "the residual" + LinearSystems.system(equation, system) + " has the norm " + norm(residual, system)
                + " at x = " + brief(x.reshape(count, -1).select(0, system));
    }

    private double norm(double[] values, int system) {
        return DenseVectors.norm(values, system * n, (system + 1) * n);
    }

    private double[] row(double[] values, int system) {
        return count == 1 ? values : Arrays.copyOfRange(values, system * n, (system + 1) * n);
    }

    private static boolean all(boolean... flags) {
        for (boolean flag : flags) {
            if (!flag) {
                return false;
            }
        }
        return true;
    }

    /** The elements of a small tensor, or the first elements of a large one, for messages. */
    static String brief(Tensor x) {
        double[] elements = DenseVectors.of(x);
        String shown = Arrays.toString(Arrays.copyOf(elements, Math.min(elements.length, 8)));
        return elements.length <= 8 ? shown : shown.substring(0, shown.length() - 1) + ", …]";
    }
}
