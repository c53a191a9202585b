package io.adjoint.autograd.equations;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Packing;
import io.adjoint.core.Shape;
import io.adjoint.core.math.Powers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * One integration from a time to another: chooses the steps' sizes, and finds the events. The sizes are constants of the recorded graph.
 *
 * @see <a href="https://doi.org/10.1007/978-3-540-78862-1">Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, II.4</a>
 */
final class OdeIntegration<P> {
    private static final String OP = "Odes.solve";
    private static final double SAFETY = 0.9;
    private static final double MIN_FACTOR = 0.2;
    private static final double MAX_FACTOR = 10;
    /** The reciprocal of the error estimate's order plus 1. */
    private static final double EXPONENT = 0.2;
    /** The size of h·|λ| from which a step's size is limited by stability; the method is stable up to 3.3 on the negative real axis. */
    private static final double STIFF = 2.5;
    /** The number of last steps that tell whether an equation is stiff. */
    private static final int LAST = 15;

    private final BinaryOperator<Tensor> field;
    private final UnaryOperator<Tensor> clock;
    private final UnaryOperator<Tensor> fromClock;
    private final Packing<P> packing;
    private final OdeOptions options;
    private final List<OdeEvent<P>> events;
    private final double to;
    private final int rows;

    private final List<OdeStep> steps = new ArrayList<>();
    private double direction;
    /** The size of the next attempt, without sign. */
    private double size;

    private int rejected;

    /**
     * Prepares an integration of a variable s up to a number.
     *
     * @param field the derivative by s of the packed state
     * @param clock takes s to the time
     * @param fromClock the inverse
     */
    OdeIntegration(
            BinaryOperator<Tensor> field,
            UnaryOperator<Tensor> clock,
            UnaryOperator<Tensor> fromClock,
            double to,
            Packing<P> packing,
            OdeOptions options,
            List<OdeEvent<P>> events) {
        this.field = field;
        this.clock = clock;
        this.fromClock = fromClock;
        this.to = to;
        this.packing = packing;
        this.options = options;
        this.events = events;
        rows = options.isBatch ? packing.start().shape().dim(0) : 1;
    }

    OdeSolution<P> run(double from) {
        // A copy, since the caller may change the start, which the solution reads.
        Tensor start = packing.start().mul(1);
        double t = from;
        direction = to >= from ? 1 : -1;
        Tensor y = start;
        Tensor derivative = field.apply(DormandPrince.time(t, y), y);
        requireFinite(t, y, derivative);
        size = options.firstStep > 0
                ? Math.min(options.firstStep, Math.abs(to - t))
                : Autograd.noGrad(() -> firstSize(from, start, derivative.detach()));
        double[] signs = signs(t, y);
        List<OdeSolution.Occurrence<P>> found = new ArrayList<>();
        Tensor next = derivative;
        while (t != to) {
            OdeStep step = step(t, y, next);
            steps.add(step);
            t = step.next;
            y = step.end;
            next = step.derivative;
            double[] after = signs(t, y);
            for (Crossed crossed : crossed(step, signs, after)) {
                OdeEvent<P> event = events.get(crossed.event);
                Tensor at = time(event, step, crossed.s);
                Tensor state = step.at(at);
                Tensor time = clock.apply(at);
                found.add(new OdeSolution.Occurrence<>(event.name(), time, packing.unpack(state)));
                if (event.isTerminal()) {
                    return new OdeSolution<>(packing, steps, fromClock, start, state, time, crossed.s, found, true);
                }
            }
            signs = after;
        }
        Tensor end = clock.apply(DormandPrince.time(t, y));
        return new OdeSolution<>(packing, steps, fromClock, start, y, end, t, found, false);
    }

    // ---- steps ----

    /** The next step whose estimated error is within the tolerances. */
    private OdeStep step(double t, Tensor y, Tensor derivative) {
        double least = 10 * Math.ulp(t) * (y.dtype().eps() / Math.ulp(1.0));
        size = Math.max(Math.min(size, options.maxStep), least);
        boolean again = false;
        double error = 0;
        while (size >= least) {
            if (steps.size() + rejected >= options.maxSteps) {
                throw failure(t, y, "took " + options.maxSteps + " steps (maxSteps), and reached only", "");
            }
            double next = t + direction * size;
            next = direction * (next - to) > 0 ? to : next;
            size = Math.abs(next - t);
            OdeStep step = new OdeStep(
                    field,
                    t,
                    next,
                    y,
                    derivative,
                    options.hasCheckpoints,
                    computed -> Autograd.noGrad(() -> error(computed)));
            error = step.error;
            if (error < 1) {
                double factor = error == 0 ? MAX_FACTOR : Math.min(MAX_FACTOR, SAFETY * Powers.pow(error, -EXPONENT));
                size *= again ? Math.min(1, factor) : factor;
                return step;
            }
            rejected++;
            again = true;
            size *= error < Double.POSITIVE_INFINITY
                    ? Math.max(MIN_FACTOR, SAFETY * Powers.pow(error, -EXPONENT))
                    : MIN_FACTOR;
        }
        throw error < Double.POSITIVE_INFINITY
                ? failure(
                        t,
                        y,
                        "needs steps below the resolution of the time, and stopped at",
                        "; the solution grows without bound, or the tolerances are too loose for a stiff equation")
                : failure(t, y, "met values that are not finite however short the step, and stopped at", "");
    }

    private double error(DormandPrince.Step step) {
        return norm(DenseVectors.of(step.error()), DenseVectors.of(step.start()), DenseVectors.of(step.end()));
    }

    /** The root mean square of the values over their tolerances; with a batch, the largest of the rows. */
    private double norm(double[] values, double[] before, double[] after) {
        int n = values.length / rows;
        double largest = 0;
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int e = row * n; e < (row + 1) * n; e++) {
                double tolerance = options.atol + options.rtol * Math.max(Math.abs(before[e]), Math.abs(after[e]));
                // Without an absolute tolerance, a state may stay 0.
                double scaled = values[e] == 0 ? 0 : values[e] / tolerance;
                sum += scaled * scaled;
            }
            largest = Math.max(largest, Math.sqrt(sum / n));
        }
        return largest;
    }

    /** The size of the first step: the book's algorithm, which compares the derivatives at the start and after a short Euler step. */
    private double firstSize(double from, Tensor start, Tensor derivative) {
        double span = Math.abs(to - from);
        if (span == 0) {
            return 0;
        }
        double[] y = DenseVectors.of(start);
        double[] slope = DenseVectors.of(derivative);
        double d0 = norm(y, y, y);
        double d1 = norm(slope, y, y);
        double h0 = Math.min(d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * d0 / d1, span);
        Tensor moved = start.detach().add(derivative.mul(h0 * direction));
        double[] other = DenseVectors.of(field.apply(DormandPrince.time(from + h0 * direction, start), moved));
        double[] change = new double[other.length];
        for (int k = 0; k < change.length; k++) {
            change[k] = other[k] - slope[k];
        }
        double d2 = norm(change, y, y) / h0;
        double h1 =
                d1 <= 1e-15 && d2 <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : Powers.pow(0.01 / Math.max(d1, d2), EXPONENT);
        // Not a number if the short step left the function's domain: then the short step itself.
        return h1 > 0 ? Math.min(Math.min(100 * h0, h1), Math.min(span, options.maxStep)) : h0;
    }

    // ---- failures ----

    private void requireFinite(double t, Tensor y, Tensor derivative) {
        String name = "the state";
        for (Tensor x : List.of(y, derivative)) {
            double[] values = DenseVectors.of(x);
            for (int e = 0; e < values.length; e++) {
                if (!(Math.abs(values[e]) < Double.POSITIVE_INFINITY)) {
                    throw new SolverException(
                            OP + ": " + name + " at the start, t = " + clockOf(t, y) + ", is " + values[e]
                                    + " at " + Arrays.toString(x.shape().unravelIndex(e)) + "; the state is "
                                    + NewtonRoots.brief(y));
                }
            }
            name = "the right-hand side";
        }
    }

    private double clockOf(double t, Tensor y) {
        return Autograd.noGrad(() -> clock.apply(DormandPrince.time(t, y))).item();
    }

    private SolverException failure(double t, Tensor y, String what, String advice) {
        StringBuilder message = new StringBuilder(OP)
                .append(": ")
                .append(what)
                .append(" t = ")
                .append(clockOf(t, y))
                .append(" of ")
                .append(clockOf(to, y))
                .append(" after ")
                .append(steps.size())
                .append(" steps and ")
                .append(rejected)
                .append(" rejected ones; the last step's size was ")
                .append(
                        steps.isEmpty()
                                ? size
                                : Math.abs(steps.get(steps.size() - 1).next - steps.get(steps.size() - 1).t))
                .append(", the state is ")
                .append(NewtonRoots.brief(y))
                .append(advice);
        double stiffness = Autograd.noGrad(this::stiffness);
        if (stiffness > STIFF) {
            message.append("; the equation is stiff: stability, not accuracy, limits the steps (h·|λ| is ")
                    .append(stiffness)
                    .append(", and this method needs less than 3.3)");
        }
        return new SolverException(message.toString());
    }

    /** The median of h·|λ| over the last steps; 0 if there are too few. */
    private double stiffness() {
        if (steps.size() < LAST) {
            return 0;
        }
        double[] last = steps.subList(steps.size() - LAST, steps.size()).stream()
                .mapToDouble(step -> step.whole().stiffness())
                .sorted()
                .toArray();
        return last[LAST / 2];
    }

    // ---- events ----

    /** An event's sign change at a value of the integration's variable. */
    private record Crossed(int event, double s) {}

    private double[] signs(double t, Tensor y) {
        double[] values = new double[events.size()];
        for (int k = 0; k < values.length; k++) {
            OdeEvent<P> event = events.get(k);
            values[k] = Autograd.noGrad(() -> signed(event, DormandPrince.time(t, y), y.detach()));
        }
        return values;
    }

    private double signed(OdeEvent<P> event, Tensor s, Tensor y) {
        double value = value(event, s, y).item();
        if (Double.isNaN(value)) {
            throw new SolverException(name(event) + ": the function is NaN at t = "
                    + clock.apply(s).item() + ", where the state is " + NewtonRoots.brief(y)
                    + "; its sign is needed along the whole solution");
        }
        return value;
    }

    private Tensor value(OdeEvent<P> event, Tensor s, Tensor y) {
        Tensor value = event.function().apply(clock.apply(s), packing.unpack(y));
        return Callbacks.scalar(name(event), value, "return a number whose sign changes at the event")
                .reshape(Shape.scalar());
    }

    private static String name(OdeEvent<?> event) {
        return OP + ", event '" + event.name() + "'";
    }

    /** The events within a step, by time, up to the first terminal one. */
    private List<Crossed> crossed(OdeStep step, double[] before, double[] after) {
        List<Crossed> crossed = new ArrayList<>();
        for (int k = 0; k < before.length; k++) {
            OdeEvent<P> event = events.get(k);
            if (event.crossing().isBetween(before[k], after[k])) {
                double sign = before[k];
                crossed.add(new Crossed(k, Autograd.noGrad(() -> crossing(event, step, sign))));
            }
        }
        crossed.sort(Comparator.comparingDouble(c -> direction * c.s));
        return crossed;
    }

    /** The first number, up to rounding, behind a sign change of an event's function within a step, by bisection. */
    private double crossing(OdeEvent<P> event, OdeStep step, double before) {
        DormandPrince.Step whole = step.whole();
        double low = step.t;
        double high = step.next;
        while (true) {
            double middle = low + (high - low) / 2;
            if (middle == low || middle == high) {
                return high;
            }
            Tensor s = DormandPrince.time(middle, step.start);
            double value = signed(event, s, whole.at(s.sub(step.t).div(step.next - step.t)));
            if (value != 0 && value > 0 == before > 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /** The value of the integration's variable at an event as a differentiable function of all that the step depends on. */
    private Tensor time(OdeEvent<P> event, OdeStep step, double s) {
        Equation equation = new Equation(name(event), x -> value(event, x, step.at(x)), false, LinearSolver.DENSE);
        return equation.differentiable(DormandPrince.time(s, step.start).data());
    }
}
