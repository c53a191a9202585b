package io.adjoint.fit;

import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.DenseVectors;
import io.adjoint.autograd.equations.TrustRegion;
import io.adjoint.autograd.transforms.Packing;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides when a {@link TrustRegion}'s search for {@link Minimize} ends. Bounds are kept as in {@link LevenbergMarquardt}: parameters that
 * would leave the box are held, and a step that leaves it is projected on it.
 */
final class NewtonSearch<P> {
    /** The largest slope that may be rounding errors, or noise of the function, where no step lowers the value. */
    private static final double FLAT = 1e-4;

    private final Minimize<P> settings;
    private final ParameterVector<P> parameters;
    private final Box box;
    private final TrustRegion search;
    private final List<Iterate<P>> history = new ArrayList<>();
    private int iterations;

    NewtonSearch(Minimize<P> settings, ParameterVector<P> parameters, Box box) {
        this.settings = settings;
        this.parameters = parameters;
        this.box = box;
        search = new TrustRegion(this::value, parameters.packing().start().detach(), box);
        String start = " at the start, " + parameters.describe(search.x());
        if (!Double.isFinite(search.value())) {
            throw new IllegalArgumentException(
                    Minimize.OP + ": the value is " + search.value() + start + "; start where the function is finite");
        }
        double[] gradient = search.gradient();
        for (int k = 0; k < gradient.length; k++) {
            if (!Double.isFinite(gradient[k])) {
                throw new IllegalArgumentException(Minimize.OP + ": the derivative with respect to "
                        + parameters.name(k) + " is " + gradient[k] + start + "; start elsewhere");
            }
        }
    }

    private Tensor value(Tensor x) {
        boolean isStart = history.isEmpty();
        return isStart ? compute(x) : parameters.trial(() -> compute(x), DenseVectors.of(x), Shape.of());
    }

    private Tensor compute(Tensor x) {
        Packing<P> packing = parameters.packing();
        Tensor value = Callbacks.scalar(Minimize.OP, settings.function.apply(packing.unpack(x)), Callbacks.REDUCE);
        if (value.dtype() != DType.FLOAT64) {
            throw new IllegalArgumentException(
                    Minimize.OP + ": the function returned " + value.dtype() + "; it must compute in FLOAT64");
        }
        return value;
    }

    Minimum<P> run() {
        Ending ending = search();
        return new Minimum<>(
                parameters.tree(search.x()),
                search.value(),
                parameters.tree(search.gradient()),
                ending,
                search.evaluations(),
                search.products(),
                List.copyOf(history),
                List.copyOf(box.notes(parameters, search.x(), search.held())));
    }

    private Ending search() {
        report(0);
        Ending ending = descent();
        while (ending.converged()) {
            double escaped = search.escape(settings.maxEvaluations);
            if (escaped == 0) {
                break;
            }
            iterations++;
            report(escaped);
            ending = Double.isFinite(slope()) ? descent() : Ending.NOT_FINITE;
        }
        return ending;
    }

    /** Goes down to a point where the gradient is 0, which may be a saddle. */
    private Ending descent() {
        double tolerance = settings.tolerance;
        while (slope() > tolerance) {
            if (search.evaluations() >= settings.maxEvaluations) {
                return Ending.EVALUATIONS;
            }
            double smallest = tolerance * Math.abs(search.value());
            double last = Math.sqrt(tolerance) * DenseVectors.largest(search.x());
            TrustRegion.Step step = search.attempt(change -> DenseVectors.largest(change) <= last);
            if (!Double.isFinite(step.length())) {
                return Ending.UNBOUNDED;
            }
            if (step.isTaken()) {
                iterations++;
                report(step.length());
            }
            if (!Double.isFinite(slope())) {
                return Ending.NOT_FINITE;
            }
            boolean isStill = Math.abs(step.predicted()) <= smallest && Math.abs(step.actual()) <= smallest;
            if (isStill && step.isWhole()) {
                return Ending.COST;
            } else if (!step.isTaken() && (isStill || search.isStuck(tolerance))) {
                return slope() <= FLAT ? Ending.STEP : Ending.STUCK;
            }
        }
        return Ending.GRADIENT;
    }

    private double slope() {
        double[] x = search.x();
        double[] gradient = search.gradient();
        double largest = 0;
        for (int k = 0; k < x.length; k++) {
            if (!search.held()[k]) {
                largest = Math.max(largest, Math.abs(gradient[k]) * Math.max(Math.abs(x[k]), 1));
            }
        }
        return largest / Math.max(Math.abs(search.value()), 1);
    }

    private void report(double step) {
        Iterate<P> iterate = new Iterate<>(
                iterations, search.evaluations(), search.value(), slope(), step, parameters.tree(search.x()));
        history.add(iterate);
        settings.progress.accept(iterate);
    }
}
