package io.adjoint.fit;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.DenseVectors;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The Levenberg–Marquardt method as J. J. Moré has it (The Levenberg–Marquardt algorithm: implementation and theory, 1978): steps within a
 * trust region, whose radius follows the quality of the linear model, in parameters scaled by the largest norms so far of the Jacobian's
 * columns. With bounds, a parameter that stands at a bound and would leave it is held, and a step that leaves the box is projected on it
 * (C. Kanzow, N. Yamashita, M. Fukushima, 2004): since shorter steps turn towards the scaled gradient, a short projected step lowers the
 * cost. A step that would bring a parameter to its bound goes half way the first time. At the bound another parameter may have no
 * influence, and the fit would end there: with a volatility of 0 a correlation has none.
 */
final class LevenbergMarquardt<P> {
    /** A step is taken if the cost falls by this part of the model's prediction. */
    private static final double LEAST_RATIO = 1e-4;
    /**
     * A parameter counts as having at least this part of the strongest parameter's influence, the effect of a relative change on the
     * residuals: else a step of one with nearly none would be so long that the others could not move within the trust region.
     */
    private static final double LEAST_INFLUENCE = 1e-8;

    /** A parameter that is smaller than this part of the largest one counts as 0, where a relative change has no influence. */
    private static final double NEAR_ZERO = 1e-12;

    /** The largest cosine, and the largest step relative to the parameters, that may be rounding errors where steps become short. */
    private static final double FLAT = 1e-4;

    private final LeastSquares<P> settings;
    private final Residuals<P> problem;
    private final ParameterVector<P> parameters;
    private final Box box;
    final List<Iterate<P>> history = new ArrayList<>();
    private final int n;

    private final double[] scales;
    double[] x;
    /** The function's values at x. */
    Tensor values;

    double cost;
    /** The problem's linearization at x. */
    Residuals.Linear linear;
    /** True for a parameter at a bound beyond which the cost falls, and for one with equal bounds. */
    boolean[] held;

    int evaluations = 1;

    private double[] gradient;
    /** The parameters that a step brought half way to a bound, though it would have crossed it. */
    private boolean[] isHalved;

    private boolean[] wasHalved;
    private double cosine;
    private int iterations;

    LevenbergMarquardt(LeastSquares<P> settings, Residuals<P> problem, ParameterVector<P> parameters, Box box) {
        this.settings = settings;
        this.problem = problem;
        this.parameters = parameters;
        this.box = box;
        n = parameters.size();
        scales = new double[n];
        held = new boolean[n];
        isHalved = new boolean[n];
        wasHalved = isHalved;
        gradient = new double[n];
        x = parameters.values();
        values = problem.start;
        double[] residuals = problem.weighted(values);
        cost = problem.cost(residuals);
        linear = problem.linearize(x, residuals);
    }

    /** The first derivative that is not finite, or whose square isn't, as {residual, parameter}; empty if there is none. */
    int[] notFinite() {
        return notFinite(linear);
    }

    private int[] notFinite(Residuals.Linear linear) {
        double[] jacobian = linear.jacobian();
        for (int e = 0; e < jacobian.length; e++) {
            if (!Residuals.isUsable(jacobian[e])) {
                return new int[] {e / n, e % n};
            }
        }
        return new int[0];
    }

    Ending run() {
        double tolerance = settings.tolerance;
        double radius = 0;
        double taken = 0;
        while (true) {
            look();
            report(taken);
            if (cosine <= tolerance) {
                return Ending.GRADIENT;
            }
            DampedEquations equations = equations();
            double size = scaledNorm(x);
            boolean isFlat = cosine <= FLAT || equations.length() <= FLAT * size;
            if (iterations == 0) {
                radius = Math.max(size, Math.sqrt(2 * cost));
            }
            boolean accepted = false;
            while (!accepted) {
                if (evaluations >= settings.maxEvaluations) {
                    return Ending.EVALUATIONS;
                }
                equations.within(radius);
                if (iterations == 0) {
                    radius = Math.min(radius, equations.length());
                }
                double[] next = projected(equations.step());
                double[] step = DenseVectors.plus(next, -1, x);
                double slope = DenseVectors.dot(gradient, step);
                double predicted = -(slope + squaredImage(step) / 2);
                Tensor nextValues = problem.at(next);
                double[] nextResiduals = problem.weighted(nextValues);
                double nextCost = problem.cost(nextResiduals);
                evaluations++;
                double actual = Double.isFinite(nextCost) ? cost - nextCost : Double.NEGATIVE_INFINITY;
                double ratio = predicted > 0 ? actual / predicted : -1;
                radius = radius(radius, equations, ratio, actual, slope);
                // A step that the radius cut short says nothing: it shrinks at the edge of a domain, too.
                boolean still = (equations.isFull() || isFlat)
                        && Math.abs(predicted) <= tolerance * cost
                        && Math.abs(actual) <= tolerance * cost
                        && actual <= 2 * predicted;
                boolean shortest = radius <= tolerance * size;
                accepted = ratio > LEAST_RATIO || ((still || shortest) && actual > 0);
                if (accepted) {
                    Residuals.Linear there = problem.linearize(next, nextResiduals);
                    if (!shortest && notFinite(there).length > 0) {
                        // No step leaves such a point, as a bound where a root ends; a shorter step may not reach it.
                        radius = equations.length() / 4;
                        accepted = false;
                        continue;
                    }
                    iterations++;
                    x = next;
                    values = nextValues;
                    wasHalved = isHalved;
                    cost = nextCost;
                    linear = there;
                    taken = scaledNorm(step);
                }
                if (still || shortest) {
                    if (accepted) {
                        look();
                        report(taken);
                    }
                    return notFinite().length > 0
                            ? Ending.NOT_FINITE
                            : still ? Ending.COST : isFlat ? Ending.STEP : Ending.STUCK;
                }
            }
        }
    }

    /** The radius after a step, by the rules of MINPACK's lmder. */
    private double radius(double radius, DampedEquations equations, double ratio, double actual, double slope) {
        if (ratio < 0.25) {
            double shrink = 0.1;
            if (actual >= 0) {
                shrink = 0.5;
            } else if (Double.isFinite(actual) && slope < 0) {
                // The minimum of the parabola through both costs with the slope at the first.
                shrink = Math.min(Math.max(-0.5 * slope / (-actual - slope), 0.1), 0.5);
            }
            return shrink * Math.min(radius, 10 * equations.length());
        } else if (equations.isFull() || ratio > 0.75) {
            return 2 * equations.length();
        }
        return radius;
    }

    /** Computes gradient, scales, held parameters and the largest cosine from the linearization. */
    private void look() {
        double[] jacobian = linear.jacobian();
        double[] r = linear.residuals();
        int m = r.length;
        double[] squares = new double[n];
        double[] slopes = new double[n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double element = jacobian[i * n + j];
                slopes[j] += element * r[i];
                squares[j] += element * element;
            }
        }
        gradient = slopes;
        held = box.held(x, gradient);
        cosine = 0;
        double strongest = 0;
        for (int j = 0; j < n; j++) {
            strongest = Math.max(strongest, Math.sqrt(squares[j]) * Math.abs(x[j]));
        }
        double negligible = NEAR_ZERO * DenseVectors.largest(x);
        for (int j = 0; j < n; j++) {
            double norm = Math.sqrt(squares[j]);
            double least = Math.abs(x[j]) <= negligible ? 0 : LEAST_INFLUENCE * strongest / Math.abs(x[j]);
            scales[j] = Math.max(scales[j], Math.max(norm, least));
            if (!held[j] && norm > 0 && cost > 0) {
                cosine = Math.max(cosine, Math.abs(gradient[j]) / norm / Math.sqrt(2 * cost));
            }
        }
    }

    private DampedEquations equations() {
        NdArray jacobian = matrix(linear.jacobian());
        double[] matrix = jacobian.transpose().matmul(jacobian).toDoubleArray();
        double[] divisors = new double[n];
        double[] right = new double[n];
        for (int j = 0; j < n; j++) {
            divisors[j] = held[j] ? Double.POSITIVE_INFINITY : scale(j);
            right[j] = gradient[j] / divisors[j];
        }
        for (int i = 0; i < n; i++) {
            for (int j = i; j < n; j++) {
                matrix[i * n + j] = matrix[i * n + j] / divisors[i] / divisors[j];
            }
            if (held[i]) {
                matrix[i * n + i] = 1;
            }
        }
        return new DampedEquations(matrix, right);
    }

    /** The scale of the j-th parameter, or 1 if the residuals have not depended on the parameter so far. */
    private double scale(int j) {
        return scales[j] == 0 ? 1 : scales[j];
    }

    private double[] projected(double[] step) {
        double[] next = new double[n];
        isHalved = new boolean[n];
        for (int j = 0; j < n; j++) {
            double there = x[j] + step[j] / scale(j);
            next[j] = box.project(j, there);
            isHalved[j] = next[j] != there && next[j] != x[j] && !wasHalved[j];
            if (isHalved[j]) {
                next[j] = (x[j] + next[j]) / 2;
            }
        }
        return next;
    }

    private double squaredImage(double[] step) {
        double[] image = matrix(linear.jacobian())
                .matmul(NdArray.wrap(Shape.of(n), step))
                .toDoubleArray();
        return DenseVectors.dot(image, image);
    }

    private NdArray matrix(double[] rows) {
        return NdArray.wrap(Shape.of(rows.length / n, n), rows);
    }

    private double scaledNorm(double[] v) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            double scaled = v[j] * scale(j);
            sum += scaled * scaled;
        }
        return Math.sqrt(sum);
    }

    private void report(double step) {
        Iterate<P> iterate = new Iterate<>(iterations, evaluations, cost, cosine, step, parameters.tree(x));
        history.add(iterate);
        settings.progress.accept(iterate);
    }
}
