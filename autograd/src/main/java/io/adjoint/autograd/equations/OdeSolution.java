package io.adjoint.autograd.equations;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Packing;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The solution of a differential equation, by {@link Odes#solve}: the states at the ends, at the events, and at any time between.
 *
 * @param <P> the state: a tensor or a structure of tensors
 */
public final class OdeSolution<P> {
    /**
     * An event that happened.
     *
     * @param name the event's name
     * @param time its time, a scalar, differentiable by the implicit function theorem
     * @param state the state at this time
     */
    public record Occurrence<P>(String name, Tensor time, P state) {}

    private final Packing<P> packing;
    private final List<OdeStep> steps;
    private final UnaryOperator<Tensor> fromClock;
    private final Tensor first;
    private final Tensor last;
    private final Tensor endTime;
    private final double end;
    private final List<Occurrence<P>> events;
    private final boolean isStopped;

    /**
     * A solution.
     *
     * @param fromClock takes times to the integration's variable
     * @param end the value of this variable at the end
     */
    OdeSolution(
            Packing<P> packing,
            List<OdeStep> steps,
            UnaryOperator<Tensor> fromClock,
            Tensor first,
            Tensor last,
            Tensor endTime,
            double end,
            List<Occurrence<P>> events,
            boolean isStopped) {
        this.packing = packing;
        this.steps = List.copyOf(steps);
        this.fromClock = fromClock;
        this.first = first;
        this.last = last;
        this.endTime = endTime;
        this.end = end;
        this.events = List.copyOf(events);
        this.isStopped = isStopped;
    }

    /** The state at the end. */
    public P end() {
        return packing.unpack(last);
    }

    /** The time of the end, a scalar: the end that was asked for, or the time of the event that stopped the integration. */
    public Tensor endTime() {
        return endTime;
    }

    /** The events that happened, by time. */
    public List<Occurrence<P>> events() {
        return events;
    }

    /** The event that stopped the integration, if one did. */
    public Optional<Occurrence<P>> stop() {
        return isStopped ? Optional.of(events.get(events.size() - 1)) : Optional.empty();
    }

    /** The number of steps. */
    public int steps() {
        return steps.size();
    }

    /**
     * The state at a time, by the method's continuous solution of order 4.
     *
     * @throws IllegalArgumentException if the solution doesn't reach this time
     */
    public P at(double time) {
        return at(Tensor.full(first.dtype(), time));
    }

    /**
     * The states at some times, stacked along a new axis 0: with m times each tensor of the state has the shape {@code [m, state…]}. It is
     * differentiable with respect to the times, too.
     *
     * @param times m times in any order, or a scalar, for which the state has its own shape
     * @throws IllegalArgumentException if the solution doesn't reach one of the times
     */
    public P at(Tensor times) {
        if (times.dtype() != first.dtype()) {
            throw new DTypeException("OdeSolution.at: the times are " + times.dtype() + ", the state is "
                    + first.dtype() + "; convert with to(" + first.dtype() + ")");
        }
        if (times.shape().rank() > 1) {
            throw new ShapeException("OdeSolution.at: the times are " + times.shape() + "; expected a scalar or [m]");
        }
        Tensor at = fromClock.apply(times);
        double[] values = DenseVectors.of(at);
        double[] given = DenseVectors.of(times);
        for (int k = 0; k < values.length; k++) {
            requireReached(values[k], given[k]);
        }
        if (times.shape().rank() == 0) {
            return packing.unpack(
                    steps.isEmpty() ? first : steps.get(step(values[0])).at(at));
        }
        int[] ones = new int[first.shape().rank() + 1];
        Arrays.fill(ones, 1);
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        while (from < values.length) {
            int step = step(values[from]);
            int to = from + 1;
            while (to < values.length && step(values[to]) == step) {
                to++;
            }
            ones[0] = to - from;
            parts.add(
                    steps.isEmpty()
                            ? first.broadcastTo(stacked(to - from))
                            : steps.get(step).at(at.slice(0, from, to).reshape(ones)));
            from = to;
        }
        return packing.unpack(parts.isEmpty() ? Tensor.zeros(first.dtype(), stacked(0)) : Tensor.concat(0, parts));
    }

    private Shape stacked(int count) {
        int[] shape = new int[first.shape().rank() + 1];
        shape[0] = count;
        System.arraycopy(first.shape().toArray(), 0, shape, 1, shape.length - 1);
        return Shape.of(shape);
    }

    private void requireReached(double value, double time) {
        double begin = steps.isEmpty() ? end : steps.get(0).t;
        double slack = 8 * first.dtype().eps() * Math.max(Math.abs(begin), Math.abs(end));
        if (!(value >= Math.min(begin, end) - slack && value <= Math.max(begin, end) + slack)) {
            throw new IllegalArgumentException("OdeSolution.at: the time " + time
                    + " is outside of the solution, which ends at " + endTime.item()
                    + (isStopped ? ", where " + events.get(events.size() - 1).name() + " stopped it" : ""));
        }
    }

    /** The index of the step that a value of the integration's variable belongs to; 0 if there is none. */
    private int step(double value) {
        int low = 0;
        int high = steps.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            OdeStep step = steps.get(middle);
            if (step.next > step.t ? value <= step.next : value >= step.next) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
