package io.adjoint.proof;

import io.adjoint.nn.optim.Constant;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.optim.CosineRestarts;
import io.adjoint.nn.optim.Cyclic;
import io.adjoint.nn.optim.ExponentialDecay;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.InverseSquareRoot;
import io.adjoint.nn.optim.LinearRamp;
import io.adjoint.nn.optim.MultiStepDecay;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.PolynomialDecay;
import io.adjoint.nn.optim.Schedule;
import io.adjoint.nn.optim.StepDecay;
import io.adjoint.nn.optim.WarmUp;
import io.adjoint.testkit.ScheduleSpec;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The catalogue of nn's schedules and of the combinations by methods of the interface {@code Schedule}. Each row creates its schedule from
 * the arguments of a golden row.
 */
final class ScheduleCatalogue {
    record Row(Class<? extends Schedule> type, Function<Arguments, Schedule> golden) {}

    /** Schedules for the testkit's checks, at least one of each class. */
    static final List<ScheduleSpec> SPECS = List.of(
            ScheduleSpec.of("combined", () -> new Constant(0.5).then(4, new ExponentialDecay(1, 0.9)))
                    .reference(step -> step < 4 ? 0.5 : Math.pow(0.9, (double) step - 4)),
            ScheduleSpec.of("Constant", () -> new Constant(0.5)).reference(step -> 0.5),
            ScheduleSpec.of("StepDecay", () -> new StepDecay(0.5, 7))
                    .reference(step -> 0.5 * Math.pow(0.1, Math.floor(step / 7.0))),
            ScheduleSpec.of("MultiStepDecay", () -> new MultiStepDecay(0.5, 3, 9).gamma(0.5))
                    .reference(step -> step < 3 ? 0.5 : step < 9 ? 0.25 : 0.125),
            ScheduleSpec.of("ExponentialDecay", () -> new ExponentialDecay(0.5, 0.99))
                    .reference(step -> 0.5 * Math.pow(0.99, (double) step)),
            ScheduleSpec.of("PolynomialDecay", () -> new PolynomialDecay(0.5, 50).power(2))
                    .reference(step -> 0.5 * Math.pow(1 - Math.min(step, 50) / 50.0, 2)),
            ScheduleSpec.of("LinearRamp", () -> new LinearRamp(0.5).start(0.25).steps(8))
                    .reference(step -> 0.5 * (0.25 + 0.75 * Math.min(step, 8) / 8)),
            ScheduleSpec.of("CosineAnnealing", () -> new CosineAnnealing(0.5, 40).min(0.1))
                    .within(0.1, 0.5)
                    .at(0, 0.5)
                    .at(20, 0.3)
                    .at(40, 0.1),
            ScheduleSpec.of("CosineRestarts", () -> new CosineRestarts(0.5, 10).mult(2))
                    .within(0, 0.5)
                    .at(0, 0.5)
                    .at(5, 0.25)
                    .at(10, 0.5)
                    .at(20, 0.25)
                    .at(30, 0.5),
            ScheduleSpec.of("OneCycle", () -> new OneCycle(0.5, 60))
                    .steps(60)
                    .within(0, 0.5)
                    .at(0, 0.02)
                    .at(17, 0.5),
            ScheduleSpec.of("Cyclic", () -> new Cyclic(0.1, 0.5).steps(4, 6).halving())
                    .within(0.1, 0.5)
                    .at(0, 0.1)
                    .at(4, 0.5)
                    .at(10, 0.1)
                    .at(14, 0.3),
            ScheduleSpec.of("InverseSquareRoot", () -> InverseSquareRoot.noam(64, 100))
                    .reference(step ->
                            Math.min(1 / Math.sqrt(step + 1.0), (step + 1.0) * Math.pow(100, -1.5)) / Math.sqrt(64)),
            ScheduleSpec.of("WarmUp", () -> new WarmUp(new ExponentialDecay(0.5, 0.9), 5))
                    .within(0, 0.5)
                    .at(0, 0)
                    .at(5, 0.5)
                    .at(6, 0.45));

    static final List<Row> ROWS = List.of(
            new Row(Schedule.class, ScheduleCatalogue::combined),
            new Row(
                    Constant.class,
                    a -> new Constant(a.number("value")).reduced(a.number("factor"), a.integer("steps"))),
            new Row(
                    StepDecay.class,
                    a -> new StepDecay(a.number("value"), a.integer("every")).gamma(a.number("gamma", 0.1))),
            new Row(
                    MultiStepDecay.class,
                    a -> new MultiStepDecay(
                                    a.number("value"),
                                    Arrays.stream(a.integers("milestones"))
                                            .asLongStream()
                                            .toArray())
                            .gamma(a.number("gamma", 0.1))),
            new Row(ExponentialDecay.class, a -> new ExponentialDecay(a.number("value"), a.number("gamma"))),
            new Row(
                    PolynomialDecay.class,
                    a -> new PolynomialDecay(a.number("value"), a.integer("steps")).power(a.number("power", 1))),
            new Row(
                    LinearRamp.class,
                    a -> new LinearRamp(a.number("value"))
                            .start(a.number("start", 1.0 / 3))
                            .end(a.number("end", 1))
                            .steps(a.integer("steps", 5))),
            new Row(
                    CosineAnnealing.class,
                    a -> new CosineAnnealing(a.number("value"), a.integer("steps")).min(a.number("min", 0))),
            new Row(
                    CosineRestarts.class,
                    a -> new CosineRestarts(a.number("value"), a.integer("steps"))
                            .mult(a.integer("mult", 1))
                            .min(a.number("min", 0))),
            new Row(OneCycle.class, ScheduleCatalogue::oneCycle),
            new Row(Cyclic.class, ScheduleCatalogue::cyclic),
            new Row(InverseSquareRoot.class, a -> InverseSquareRoot.noam(a.integer("width"), a.integer("warmUp"))),
            new Row(WarmUp.class, ScheduleCatalogue::warmUp));

    private ScheduleCatalogue() {}

    private static Schedule oneCycle(Arguments a) {
        OneCycle cycle = new OneCycle(a.number("max"), a.integer("steps"))
                .warmUp(a.number("warmUp", 0.3))
                .divFactor(a.number("divFactor", 25))
                .finalDivFactor(a.number("finalDivFactor", 1e4));
        cycle = a.flag("linear") ? cycle.linear() : cycle;
        cycle = a.flag("threePhase") ? cycle.threePhase() : cycle;
        return a.has("lowMomentum") ? cycle.momentum(a.number("lowMomentum"), a.number("highMomentum")) : cycle;
    }

    private static Schedule cyclic(Arguments a) {
        Cyclic cyclic = new Cyclic(a.number("min"), a.number("max")).steps(a.integer("up"), a.integer("down"));
        if (a.has("mode")) {
            cyclic = a.has("gamma") ? cyclic.exponential(a.number("gamma")) : cyclic.halving();
        }
        return a.has("lowMomentum") ? cyclic.momentum(a.number("lowMomentum"), a.number("highMomentum")) : cyclic;
    }

    private static Schedule warmUp(Arguments a) {
        Schedule then = a.has("period")
                ? new CosineAnnealing(1, a.integer("period"))
                : new ExponentialDecay(1, a.number("gamma"));
        return new WarmUp(then, a.integer("steps")).start(a.number("start", 0));
    }

    static Plateau plateau(Arguments a) {
        Plateau plateau = new Plateau(a.number("value"))
                .factor(a.number("factor", 0.1))
                .patience(a.integer("patience", 10))
                .cooldown(a.integer("cooldown", 0))
                .minRate(a.number("min_lr", 0))
                .minDecrease(a.number("eps", 1e-8));
        if (a.has("mode")) {
            plateau.goal(Goal.MAX);
        }
        double threshold = a.number("threshold", 1e-4);
        return a.has("threshold_mode") ? plateau.absoluteThreshold(threshold) : plateau.relativeThreshold(threshold);
    }

    private static Schedule combined(Arguments a) {
        Schedule decay = new ExponentialDecay(1, 0.9);
        return a.text("form").equals("then")
                ? new Constant(0.5).then(4, decay).then(10, new StepDecay(1, 3))
                : new LinearRamp(1).times(decay).times(new StepDecay(1, 4).gamma(0.5));
    }
}
