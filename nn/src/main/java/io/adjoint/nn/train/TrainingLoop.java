package io.adjoint.nn.train;

import io.adjoint.autograd.Workspace;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Block;
import io.adjoint.nn.Modes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The loop of a {@link Trainer} over epochs and batches, with the steps, validations and listeners that are due after them. */
final class TrainingLoop<B> {
    final TrainingPlan<B> plan;
    final Updates updates;
    final CurrentEpoch current = new CurrentEpoch();
    final History history = new History();
    final Logs logs = new Logs();
    private final Monitor monitor;
    private final Stopwatch watch;

    /** The metrics' counts of the training while the metrics measure a validation; null otherwise. */
    private @Nullable Map<String, NdArray> counts;

    /** The loss of the last batch of the epoch; NaN before it. */
    private double lastLoss;

    /** Puts each part of the model into the mode that the part had in the last training; null before the first training. */
    private @Nullable Runnable modes;

    private Length length = Length.epochs(0);
    /** The elapsed seconds at the last step, for measurements at intervals of time. */
    private double secondsOfStep;

    volatile boolean stopped;

    TrainingLoop(TrainingPlan<B> plan, LongSupplier nanos) {
        this.plan = plan;
        updates = new Updates(plan);
        monitor = new Monitor(plan);
        watch = new Stopwatch(nanos);
    }

    void fit(Iterable<? extends B> batches, Length end) {
        Decisions workers = plan.workers;
        workers.failTogether(() -> {
            plan.check();
            updates.begin(() -> end.steps(CurrentEpoch.size(batches), plan.accumulated));
        });
        length = end;
        watch.isUsed |= end.isTime() || plan.usesTime();
        // Logs start first, so that the history is unchanged if a log throws.
        if (workers.isFirst()) {
            workers.failTogether(() -> logs.open(plan.logs, run()));
        }
        try {
            List<String> withSteps = plan.namesWithSteps();
            plan.names().forEach(name -> history.declare(name, withSteps.contains(name)));
            if (plan.plateau != null) {
                updates.learningRate(plan.plateau.rate());
            }
            putInTraining();
            stopped = false;
            monitor.restoreLast();
            watch.start();
            while (current.mayBeAtEnd(batches) || !isOver()) {
                epoch(batches);
            }
        } catch (Throwable e) {
            Moment at = moment();
            logs.each(at, log -> log.failure(at, e));
            workers.fail(e);
            throw e;
        } finally {
            watch.stop();
            logs.end(moment());
        }
        monitor.restoreBest();
    }

    private TrainingRun run() {
        return new TrainingRun(
                moment(), plan.model(), plan.described(length), length, plan.isMonitoring() ? plan.monitored : null);
    }

    private boolean isOver() {
        Decisions.Agreed agreed =
                plan.workers.agree(watch.isUsed ? watch.seconds() : 0, stopped || monitor.isOutOfPatience());
        return agreed.any() || length.isReached(current.epochs, updates.steps, agreed.first());
    }

    Moment moment() {
        return Moment.now(updates.steps, current.epochs);
    }

    private void epoch(Iterable<? extends B> batches) {
        // If rest() refuses an iterator at a wrong position, the epoch can be continued; a failure in the try block
        // drops it.
        Iterator<? extends B> rest = current.rest(batches);
        Map<String, Double> values = new LinkedHashMap<>();
        try {
            if (!current.over && !train(batches, rest)) {
                return;
            }
            values.putAll(current.means.values());
            values.putAll(plan.metrics.values());
            values.putAll(evaluate(plan.measurements.values().stream()
                    .filter(measurement -> measurement.every().isDueAfterEpoch(current.epochs + 1))
                    .toList()));
        } catch (Throwable e) {
            CurrentEpoch.end(rest);
            fail();
            throw e;
        }
        endEpoch(values);
    }

    private void endEpoch(Map<String, Double> values) {
        current.epochs++;
        current.begin();
        Map<String, Double> ofEpoch = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (history.hasSteps(name)) {
                history.add(name, updates.steps, value);
            } else {
                ofEpoch.put(name, value);
            }
        });
        history.addEpoch(current.epochs - 1, ofEpoch);
        take(values);
        Map<String, Double> measured = new LinkedHashMap<>(values);
        for (String name : plan.namesWithSteps()) {
            List<Long> at = history.steps(name);
            if (!at.isEmpty() && at.get(at.size() - 1) == updates.steps) {
                measured.putIfAbsent(name, history.last(name));
            }
        }
        Set<String> others = new LinkedHashSet<>(plan.names());
        others.removeAll(measured.keySet());
        Epoch epoch = new Epoch(current.epochs, updates.steps, measured, others);
        if (!logs.isEmpty()) {
            Moment at = moment();
            logs.each(at, log -> log.epoch(at, values));
        }
        plan.epochListeners.forEach(listener -> listener.accept(epoch));
    }

    /** Passes the monitored value on to the monitor if it is among the new values. */
    private void take(Map<String, Double> values) {
        String name = plan.monitored.name();
        Double value = values.get(name);
        if (plan.isMonitoring() && value != null) {
            monitor.take(value, history.values(name).size() == 1, updates);
        }
    }

    /** Drops the epoch that failed; if its training was complete, only its evaluation is dropped. */
    private void fail() {
        if (!current.over || updates.pending > 0) {
            current.begin();
            updates.forget();
            plan.metrics.reset();
        }
        current.close();
    }

    /**
     * Trains on the batches of the epoch that were not taken yet.
     *
     * @return false if the training ended before the epoch did
     */
    private boolean train(Iterable<? extends B> batches, Iterator<? extends B> rest) {
        putInTraining();
        plan.workers.requireEqual(parts(batches));
        if (current.taken == 0) {
            updates.clear();
            plan.metrics.reset();
        }
        lastLoss = Double.NaN;
        stepIfDue(plan.accumulated);
        while (rest.hasNext()) {
            if (updates.pending == 0 && isOver()) {
                current.leave(batches, rest);
                return false;
            }
            B batch = rest.next();
            double weight = plan.evaluator.sizeOf(Trainer.class, batch);
            if (weight == 0) {
                current.taken++;
                continue;
            }
            boolean isStepped = plan.workspace.run(() -> step(batch, weight));
            if (isStepped) {
                afterStep();
            }
        }
        Trainer.requireThat(current.means.samples > 0, "there are no batches to train with");
        // The loader has finished its epoch, so a state that a listener saves during this step must say that the epoch
        // is over. If a listener throws, the epoch is not over.
        current.over = true;
        try {
            stepIfDue(1);
        } catch (Throwable e) {
            current.over = false;
            throw e;
        }
        return true;
    }

    /** The parts of the training that have a state, by name; a loader is one. */
    private Map<String, Stateful> parts(Iterable<?> batches) {
        Map<String, Stateful> parts = new LinkedHashMap<>();
        parts.put("", plan.model());
        if (plan.optimizer != null) {
            parts.put("optimizer", plan.optimizer);
        }
        parts.put("trainer", this::declareState);
        if (batches instanceof Stateful loader) {
            parts.put("loader", loader);
        }
        return parts;
    }

    /** Trains on a batch, and returns whether a step of the optimizer was due. */
    private boolean step(B batch, double weight) {
        Outcome outcome = updates.backward(factor -> backward(batch, factor), weight, current.epochs);
        updates.checkRegistered();
        if (current.means.samples == 0) {
            outcome.requireOwnNames(plan.names());
        }
        current.taken++;
        current.means.add(outcome, weight);
        // Metrics and listeners may keep their results for later steps, so they run outside of this step's workspace.
        lastLoss = Workspace.outside(() -> {
            Evaluator.update(plan.metrics, outcome);
            plan.batchListeners.forEach(listener -> listener.accept(outcome.loss()));
            return outcome.loss().item();
        });
        return updates.stepIfDue(plan.accumulated, current.epochs);
    }

    private Outcome backward(B batch, double factor) {
        if (plan.optimizer == null) { // the program's function of a batch makes the steps
            return plan.evaluator.of(batch);
        }
        boolean gathers = !plan.metrics.names().isEmpty();
        Function<B, Outcome> outcome = part -> updates.checked(plan.evaluator.of(part));
        return plan.parallel == null
                ? outcome.apply(batch).backward(factor)
                : plan.parallel.backward(batch, outcome, factor, current.number(), gathers);
    }

    private void stepIfDue(int batches) {
        if (updates.stepIfDue(batches, current.epochs)) {
            afterStep();
        }
    }

    /** Logs a step, clears its gradients, makes the validations that are due, and calls listeners. */
    private void afterStep() {
        double seconds = watch.isUsed ? plan.workers.first(watch.seconds()) : 0;
        if (!logs.isEmpty()) {
            double done = length.done(current.position(), updates.steps, seconds);
            Step step = new Step(moment(), lastLoss, updates.learningRate(), updates.norm, done);
            logs.each(step.at(), log -> log.step(step));
        }
        updates.clear();
        List<Measurement> due = dueAfterStep(seconds);
        if (!due.isEmpty()) {
            Map<String, Double> values = evaluate(due);
            values.forEach((name, value) -> history.add(name, updates.steps, value));
            take(values);
            Moment at = moment();
            logs.each(at, log -> log.numbers(at, values));
        }
        plan.stepListeners.forEach(Runnable::run);
    }

    private List<Measurement> dueAfterStep(double seconds) {
        List<Measurement> due = List.of();
        for (Measurement measurement : plan.measurements.values()) {
            if (measurement.every().isDueAfterStep(updates.steps, secondsOfStep, seconds)) {
                due = due.isEmpty() ? new ArrayList<>() : due;
                due.add(measurement);
            }
        }
        secondsOfStep = seconds;
        return due;
    }

    private Map<String, Double> evaluate(List<Measurement> due) {
        return withMetrics(() -> Evaluator.evaluating(plan.model(), () -> {
            Map<String, Double> values = new LinkedHashMap<>();
            due.forEach(measurement -> values.putAll(measurement.values().get()));
            return plan.workers.first(values);
        }));
    }

    /** Runs an evaluation by the metrics; afterwards they have the counts of the training again. */
    <T> T withMetrics(Supplier<T> evaluation) {
        Map<String, NdArray> outer = counts;
        Map<String, NdArray> before = plan.metrics.state();
        counts = outer == null ? before : outer;
        try {
            return evaluation.get();
        } finally {
            StateFields.check(plan.metrics, before).run();
            counts = outer;
        }
    }

    /**
     * If all parts of the model are in evaluation mode, puts each part into its mode of the last training, or all into training mode if
     * this is the first training. Otherwise leaves the modes as they are.
     */
    private void putInTraining() {
        Block model = plan.model();
        if (!Modes.anyTraining(model)) {
            model.train();
            if (modes != null) {
                modes.run();
            }
        }
        modes = Modes.kept(model);
    }

    // ---- states ----

    void declareState(StateFields fields) {
        int epochs = current.declareState(fields, updates.declareState(fields));
        watch.declareState(fields);
        fields.onLoad(() -> secondsOfStep = watch.seconds());
        monitor.declareState(fields, history.declareState(fields, plan.names(), plan.namesWithSteps(), epochs));
        Map<String, NdArray> aside = counts;
        if (aside == null || fields.isLoading()) {
            fields.part("metric", plan.metrics);
        } else {
            fields.part("metric", part -> aside.forEach(part::array));
        }
    }
}
