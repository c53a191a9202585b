package io.adjoint.testkit;

import io.adjoint.nn.optim.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ObjLongConsumer;
import java.util.stream.LongStream;

/** The checks of a schedule; each by itself, so that a report names the property that is broken. */
public enum ScheduleCheck {
    /** The schedule has its known values, and the values of its formula. */
    VALUES((schedule, seed) -> {
        Schedule tested = schedule.factory().get();
        schedule.values().forEach((step, value) -> requireNear(schedule, step, tested.at(step), value));
        schedule.reference()
                .ifPresent(formula -> steps(schedule, seed)
                        .forEach(step -> requireNear(schedule, step, tested.at(step), formula.applyAsDouble(step))));
    }),
    /** All values are finite and within the bounds, which by default begin at 0. */
    BOUNDS((schedule, seed) -> {
        Schedule tested = schedule.factory().get();
        for (long step : steps(schedule, seed)) {
            double value = tested.at(step);
            if (!Double.isFinite(value) || value < schedule.min() || value > schedule.max()) {
                throw new AssertionError("at step " + step + " it is " + value + ", but must be " + allowed(schedule));
            }
        }
    }),
    /** The value depends on nothing but the step: not on the steps that were asked about before, nor on how often. */
    PURE((schedule, seed) -> {
        Schedule inOrder = schedule.factory().get();
        Schedule shuffled = schedule.factory().get();
        List<Long> steps = steps(schedule, seed);
        List<Double> values = steps.stream().map(inOrder::at).toList();
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < 2 * steps.size(); k++) {
            order.add(k % steps.size());
        }
        Collections.shuffle(order, new Random(seed));
        for (int k : order) {
            double again = shuffled.at(steps.get(k));
            if (Double.compare(again, values.get(k)) != 0) {
                throw new AssertionError("at step " + steps.get(k) + " it is " + again
                        + ", but if the steps come in their order " + values.get(k));
            }
        }
    });

    private final ObjLongConsumer<ScheduleSpec> check;

    ScheduleCheck(ObjLongConsumer<ScheduleSpec> check) {
        this.check = check;
    }

    private static final int FIRST = 100;
    private static final int OTHERS = 100;

    /** The first steps, the last step, and some other steps, in ascending order. */
    private static List<Long> steps(ScheduleSpec schedule, long seed) {
        Random random = new Random(seed);
        LongStream first = LongStream.range(0, Math.min(FIRST, schedule.steps()));
        LongStream others = random.longs(OTHERS, 0, schedule.steps());
        return LongStream.concat(LongStream.concat(first, others), LongStream.of(schedule.steps() - 1))
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    private static String allowed(ScheduleSpec schedule) {
        if (schedule.max() < Double.MAX_VALUE) {
            return "from " + schedule.min() + " to " + schedule.max();
        }
        return schedule.min() == 0 ? "finite and not negative" : "finite and at least " + schedule.min();
    }

    private static void requireNear(ScheduleSpec schedule, long step, double actual, double expected) {
        if (!(Math.abs(actual - expected) <= schedule.rtol() * Math.abs(expected))) {
            throw new AssertionError("at step " + step + " it is " + actual + ", expected " + expected + " (off by "
                    + (actual - expected) + ")");
        }
    }

    /** Checks at steps that are drawn from a seed, beside the first ones and the last. */
    public void check(ScheduleSpec schedule, long seed) {
        check.accept(schedule, seed);
    }

    /** Returns whether the check applies to the schedule. */
    boolean appliesTo(ScheduleSpec schedule) {
        return !schedule.except().contains(this);
    }

    /** The name in messages, such as {@code pure}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
