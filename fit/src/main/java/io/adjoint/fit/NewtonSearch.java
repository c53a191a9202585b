package io.adjoint.fit;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * Newton's method within a trust region, whose equations are solved by conjugate gradients (T. Steihaug, 1983). Bounds are kept as in
 * {@link LevenbergMarquardt}: parameters that would leave the box are held, and a step that leaves it is projected on it.
 */
final class NewtonSearch<P> {
    private static final double LEAST_RATIO = 1e-4;

    private final String op;
    private final Minimize<P> settings;
    private final ParameterVector<P> parameters;
    private final Box box;
    private final List<Iterate<P>> history = new ArrayList<>();

    private double[] x;
    private double value;
    private Transforms.Vjp<P, P> hessian;
    private double[] gradient;
    private boolean[] held;
    private int evaluations;
    private int iterations;
    private int products;

    NewtonSearch(String op, Minimize<P> settings, ParameterVector<P> parameters, Box box) {
        this.op = op;
        this.settings = settings;
        this.parameters = parameters;
        this.box = box;
        x = parameters.values();
        value = at(x);
        String start = " at the start, " + parameters.describe(x);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    op + ": the value is " + value + start + "; start where the function is finite");
        }
        hessian = derivatives();
        gradient = parameters.flat(hessian.value());
        held = box.held(x, gradient);
        for (int k = 0; k < gradient.length; k++) {
            if (!Double.isFinite(gradient[k])) {
                throw new IllegalArgumentException(op + ": the derivative with respect to " + parameters.name(k)
                        + " is " + gradient[k] + start + "; start elsewhere");
            }
        }
    }

    Minimum<P> run() {
        Ending ending = search();
        return new Minimum<>(
                parameters.tree(x),
                value,
                parameters.tree(gradient),
                ending,
                evaluations,
                products,
                List.copyOf(history),
                box.notes(parameters, x, held));
    }

    private Ending search() {
        double tolerance = settings.tolerance;
        report(0);
        double radius = Math.max(FitVectors.norm(x), 1);
        while (slope() > tolerance) {
            boolean accepted = false;
            while (!accepted) {
                if (evaluations >= settings.maxEvaluations) {
                    return Ending.EVALUATIONS;
                }
                double[] next = projected(direction(radius));
                double[] step = FitVectors.difference(next, x);
                double length = FitVectors.norm(step);
                if (length == Double.POSITIVE_INFINITY) {
                    return Ending.UNBOUNDED;
                }
                double predicted = -(FitVectors.dot(gradient, step) + FitVectors.dot(step, times(step)) / 2);
                double nextValue = at(next);
                double actual = Double.isFinite(nextValue) ? value - nextValue : Double.NEGATIVE_INFINITY;
                double ratio = predicted > 0 ? actual / predicted : -1;
                if (ratio < 0.25) {
                    radius = 0.25 * Math.min(radius, length);
                } else if (ratio > 0.75 && length > 0.8 * radius) {
                    radius = 2 * radius;
                }
                boolean still = Math.abs(predicted) <= tolerance * Math.abs(value)
                        && Math.abs(actual) <= tolerance * Math.abs(value);
                boolean shortest = radius <= tolerance * FitVectors.norm(x);
                accepted = ratio > LEAST_RATIO || ((still || shortest) && actual > 0);
                if (accepted) {
                    iterations++;
                    x = next;
                    value = nextValue;
                    hessian = derivatives();
                    gradient = parameters.flat(hessian.value());
                    held = box.held(x, gradient);
                    report(length);
                }
                if (still) {
                    return Ending.COST;
                } else if (shortest || length == 0) {
                    return Ending.STEP;
                }
            }
            for (double derivative : gradient) {
                if (!Double.isFinite(derivative)) {
                    return Ending.NOT_FINITE;
                }
            }
        }
        return Ending.GRADIENT;
    }

    /** A step within the trust region by conjugate gradients, among the parameters that are not held. */
    private double[] direction(double radius) {
        int n = x.length;
        double[] step = new double[n];
        double[] residual = new double[n];
        for (int k = 0; k < n; k++) {
            residual[k] = held[k] ? 0 : -gradient[k];
        }
        double[] along = residual.clone();
        double square = FitVectors.dot(residual, residual);
        // As exact as the step is worth: quadratic convergence at the end, no wasted products before.
        double goal = Math.sqrt(square) * Math.min(0.1, Math.sqrt(square));
        for (int k = 0; k < 2 * n && Math.sqrt(square) > goal; k++) {
            double[] image = times(along);
            double curvature = FitVectors.dot(along, image);
            double length = square / curvature;
            double[] next = FitVectors.plus(step, length, along);
            if (!(curvature > 0) || FitVectors.norm(next) >= radius) {
                return FitVectors.plus(step, toBorder(step, along, radius), along);
            }
            step = next;
            residual = FitVectors.plus(residual, -length, image);
            double nextSquare = FitVectors.dot(residual, residual);
            along = FitVectors.plus(residual, nextSquare / square, along);
            square = nextSquare;
        }
        return step;
    }

    /** The positive t with {@code |step + t·along| = radius}. */
    private static double toBorder(double[] step, double[] along, double radius) {
        double a = FitVectors.dot(along, along);
        double b = FitVectors.dot(step, along);
        double c = radius * radius - FitVectors.dot(step, step);
        double root = Math.sqrt(b * b + a * c);
        return b > 0 ? c / (b + root) : (root - b) / a;
    }

    /** The Hessian's product with a vector, among the parameters that are not held. */
    private double[] times(double[] v) {
        products++;
        double[] product = parameters.flat(hessian.pull(parameters.tree(v)));
        for (int k = 0; k < product.length; k++) {
            product[k] = held[k] ? 0 : product[k];
        }
        return product;
    }

    private double[] projected(double[] step) {
        double[] next = new double[x.length];
        for (int k = 0; k < next.length; k++) {
            next[k] = box.project(k, x[k] + step[k]);
        }
        return next;
    }

    private double slope() {
        double largest = 0;
        for (int k = 0; k < x.length; k++) {
            if (!held[k]) {
                largest = Math.max(
                        largest, Math.abs(gradient[k]) * Math.max(Math.abs(x[k]), 1) / Math.max(Math.abs(value), 1));
            }
        }
        return largest;
    }

    private double at(double[] point) {
        evaluations++;
        Tensor result = Autograd.noGrad(() -> settings.function.apply(parameters.tree(point)));
        if (result == null) {
            throw new NullPointerException(op + ": the function returned null");
        } else if (result.shape().size() != 1) {
            throw new ShapeException(op + ": the function must return a scalar, but it returned the shape "
                    + result.shape() + "; reduce it, e.g. with sum()");
        } else if (result.dtype() != DType.FLOAT64) {
            throw new IllegalArgumentException(
                    op + ": the function returned " + result.dtype() + "; it must compute in FLOAT64");
        }
        return result.item();
    }

    private Transforms.Vjp<P, P> derivatives() {
        P point = parameters.tree(x);
        return Autograd.noGrad(() -> Transforms.vjp(Transforms.grad(settings.function), point));
    }

    private void report(double step) {
        Iterate<P> iterate = new Iterate<>(iterations, evaluations, value, slope(), step, parameters.tree(x));
        history.add(iterate);
        settings.progress.accept(iterate);
    }
}
