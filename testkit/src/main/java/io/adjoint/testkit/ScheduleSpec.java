package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.nn.optim.Schedule;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;

/**
 * A schedule as it is to be tested: how to create it, its bounds and its expected values. {@link #check()} tests it.
 *
 * <pre>{@code
 * ScheduleSpec.of("halving", () -> step -> 0.1 * Math.pow(0.5, step / 100)).within(0, 0.1).at(0, 0.1).at(250, 0.025)
 * }</pre>
 *
 * <p>Settings are values: each method returns a changed copy.
 *
 * @param name the name in messages
 * @param factory creates the schedule
 * @param steps the number of steps that it is asked about: some from 0 to one less
 * @param min the smallest value that it may have
 * @param max the largest value that it may have
 * @param values its known values, by step
 * @param reference its formula
 * @param rtol the tolerance of values against these, relative to each
 * @param except the checks to leave out
 */
@CheckReturnValue
public record ScheduleSpec(
        String name,
        Supplier<? extends Schedule> factory,
        long steps,
        double min,
        double max,
        Map<Long, Double> values,
        Optional<LongToDoubleFunction> reference,
        double rtol,
        Set<ScheduleCheck> except) {
    /** Copies the arguments, and checks that there are a step and a value that are allowed. */
    public ScheduleSpec {
        values = Map.copyOf(values);
        except = Set.copyOf(except);
        if (steps < 1 || !(min <= max)) {
            throw new IllegalArgumentException("ScheduleSpec: '" + name
                    + "' needs at least one step, and bounds min <= max, got " + steps + ", " + min + " and " + max);
        }
    }

    /** A schedule of a million steps, without negative values. */
    public static ScheduleSpec of(String name, Supplier<? extends Schedule> factory) {
        return new ScheduleSpec(
                name, factory, 1_000_000, 0, Double.MAX_VALUE, Map.of(), Optional.empty(), 1e-12, Set.of());
    }

    /** The spec whose schedule is asked about steps below this one only, instead of a million. */
    public ScheduleSpec steps(long count) {
        return new ScheduleSpec(name, factory, count, min, max, values, reference, rtol, except);
    }

    /** The spec with values from {@code smallest} to {@code largest}, both included, instead of from 0 on. */
    public ScheduleSpec within(double smallest, double largest) {
        return new ScheduleSpec(name, factory, steps, smallest, largest, values, reference, rtol, except);
    }

    /** The spec with this value at a step. */
    public ScheduleSpec at(long step, double value) {
        Map<Long, Double> more = new TreeMap<>(values);
        more.put(step, value);
        return new ScheduleSpec(name, factory, steps, min, max, more, reference, rtol, except);
    }

    /** The spec with the values of a formula. */
    public ScheduleSpec reference(LongToDoubleFunction expected) {
        return new ScheduleSpec(name, factory, steps, min, max, values, Optional.of(expected), rtol, except);
    }

    /** The tolerance of values against known ones and the formula, relative to each, instead of 1e-12. */
    public ScheduleSpec rtol(double rtol) {
        return new ScheduleSpec(name, factory, steps, min, max, values, reference, rtol, except);
    }

    /** Checks to leave out, for a schedule that is different on purpose. */
    public ScheduleSpec except(ScheduleCheck... checks) {
        return new ScheduleSpec(
                name, factory, steps, min, max, values, reference, rtol, LayerSpec.union(except, checks));
    }

    /**
     * Runs everything in {@link ScheduleCheck} that applies.
     *
     * @throws AssertionError that names each check that fails, with a seed that fails it
     */
    public void check() {
        Failures.throwAll(
                name,
                Arrays.stream(ScheduleCheck.values())
                        .filter(check -> check.appliesTo(this))
                        .<Runnable>map(check -> () -> Seeds.run(name + ": " + check, seed -> check.check(this, seed)))
                        .toList());
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
