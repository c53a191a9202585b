package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Block;
import io.adjoint.nn.Modes;
import io.adjoint.nn.parallel.Collective;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The loop of a {@link Trainer} over epochs and batches, with the steps, validations and listeners that are due after them. */
final class TrainingLoop<B> {
    final Updates updates;
    final Pass pass = new Pass();
    final Monitor monitor = new Monitor();
    final History history = new History();
    final TrainingMetrics training = new TrainingMetrics();
    final Stopwatch watch;
    private final TrainingState state;
    private final Map<String, Check> checks = new LinkedHashMap<>();
    final Logs logs = new Logs();
    final List<Consumer<? super Tensor>> batchListeners = new CopyOnWriteArrayList<>();
    final List<Runnable> stepListeners = new CopyOnWriteArrayList<>();
    final List<Consumer<? super Epoch>> epochListeners = new CopyOnWriteArrayList<>();
    final Map<String, String> described = new LinkedHashMap<>();

    Evaluator<B> evaluator;
    /** The workspace in which the training on each batch runs. */
    Workspace workspace = new Workspace();

    /** The loss of the last batch of the epoch; NaN before it. */
    private double lastLoss;

    /** Puts each part of the model into the mode that the part had in the last training; null before the first training. */
    private @Nullable Runnable modes;

    private Length length = Length.epochs(0);
    /** The elapsed seconds at the last step, for checks at intervals of time. */
    private double secondsOfStep;

    volatile boolean stopped;

    private Decisions workers = Decisions.ALONE;
    private @Nullable DataParallel<B> parallel;

    TrainingLoop(Evaluator<B> evaluator, Updates updates, Stopwatch watch) {
        this.evaluator = evaluator;
        this.updates = updates;
        this.watch = watch;
        state = new TrainingState(updates, pass, monitor, history, training, watch);
    }

    void parallel(Collective collective, DataParallel<B> gradients) {
        workers = gradients.decisions();
        parallel = gradients;
        evaluator = evaluator.parallel(collective);
    }

    /** Adds a validation to the checks, under the name of its first value, the loss. */
    void validate(String name, Iterable<? extends B> batches, Every every) {
        String loss = name + " " + Trainer.LOSS;
        Trainer.requireThat(
                !checks.containsKey(loss),
                "there is a validation '" + name + "' already; name the second one: validate(\"other\", batches)");
        watch.isUsed |= every.isTime();
        checks.put(loss, Check.validation(name, every, training, () -> evaluator.evaluate(batches, training.metrics)));
    }

    void track(String name, DoubleSupplier value) {
        checks.put(name, new Check(Every.EPOCH, () -> List.of(name), () -> Map.of(name, value.getAsDouble())));
    }

    void fit(Iterable<? extends B> batches, Length end) {
        workers.failTogether(() -> prepare(batches, end));
        length = end;
        watch.isUsed |= end.isTime();
        // Logs start first, so that the history is unchanged if a log throws.
        if (workers.isFirst()) {
            workers.failTogether(() -> logs.start(run()));
        }
        try {
            names().forEach(name -> history.declare(name, namesWithSteps().contains(name)));
            if (monitor.plateau != null) {
                updates.learningRate(monitor.plateau.rate());
            }
            putInTraining();
            stopped = false;
            monitor.restoreLast(evaluator.model());
            watch.start();
            while (pass.mayBeAtEnd(batches) || !isOver()) {
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
        monitor.restoreBest(evaluator.model());
    }

    private void prepare(Iterable<? extends B> batches, Length end) {
        Trainer.requireThat(
                !monitor.isUsed() || names().contains(monitor.name),
                "'" + monitor.name + "' is monitored, but not tracked; call validate(batches) or track(name, value), or"
                        + " monitor another value by monitor(name, goal); there are " + names());
        Trainer.requireThat(
                monitor.plateau == null || !updates.schedulesRate(),
                "the learning rate is either that of a schedule or of a plateau");
        Trainer.requireThat(
                monitor.plateau == null || updates.optimizer != null,
                "the function of a batch makes its steps itself, so a plateau sets no learning rate; step it in a"
                        + " listener of onEpoch");
        monitor.check();
        List<String> names = names();
        Trainer.requireThat(
                names.stream().distinct().count() == names.size(),
                "two values have one name; give a metric, a validation or a tracked value another: " + names);
        updates.makeSchedules(() -> end.steps(Pass.size(batches), updates.accumulated));
        updates.check(evaluator.model());
    }

    /** The names of the history's values in order, except the names in {@link Outcome#parts}, which only an outcome tells. */
    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(Trainer.LOSS));
        names.addAll(training.metrics.names());
        checks.values().forEach(check -> names.addAll(check.names().get()));
        return names;
    }

    private List<String> namesWithSteps() {
        return checks.values().stream()
                .filter(check -> !check.every().isEachEpoch())
                .flatMap(check -> check.names().get().stream())
                .toList();
    }

    private Run run() {
        Map<String, String> settings = new LinkedHashMap<>(described);
        settings.put("length", length.toString());
        settings.put("values", String.join(", ", names()));
        monitor.describe(settings);
        return new Run(moment(), evaluator.model(), settings, length, monitor.isUsed() ? monitor.monitored() : null);
    }

    private boolean isOver() {
        Decisions.Agreed agreed =
                workers.agree(watch.isUsed ? watch.seconds() : 0, stopped || monitor.isOutOfPatience());
        return agreed.any() || length.isReached(pass.epochs, updates.steps, agreed.first());
    }

    Moment moment() {
        return Moment.now(updates.steps, pass.epochs);
    }

    private void epoch(Iterable<? extends B> batches) {
        // If rest() refuses an iterator at a wrong position, the epoch can be continued; a failure in the try block
        // drops it.
        Iterator<? extends B> rest = pass.rest(batches);
        Map<String, Double> values = new LinkedHashMap<>();
        boolean done = false;
        try {
            boolean isWhole = pass.over || train(batches, rest);
            if (isWhole) {
                values.putAll(pass.means.values());
                values.putAll(training.metrics.values());
                values.putAll(evaluate(checks.values().stream()
                        .filter(check -> check.every().isDueAfterEpoch(pass.epochs + 1))
                        .toList()));
            }
            done = true;
            if (!isWhole) {
                return;
            }
        } finally {
            if (!done) {
                Pass.end(rest);
                fail();
            }
        }
        endEpoch(values);
    }

    private void endEpoch(Map<String, Double> values) {
        pass.epochs++;
        pass.begin();
        Map<String, Double> ofEpoch = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (history.hasSteps(name)) {
                history.add(name, updates.steps, value);
            } else {
                ofEpoch.put(name, value);
            }
        });
        history.addEpoch(pass.epochs - 1, ofEpoch);
        take(values);
        Map<String, Double> measured = new LinkedHashMap<>(values);
        for (String name : namesWithSteps()) {
            List<Long> at = history.steps(name);
            if (!at.isEmpty() && at.get(at.size() - 1) == updates.steps) {
                measured.putIfAbsent(name, history.last(name));
            }
        }
        Set<String> others = new LinkedHashSet<>(names());
        others.removeAll(measured.keySet());
        Epoch epoch = new Epoch(pass.epochs, updates.steps, measured, others);
        if (!logs.isEmpty()) {
            Moment at = moment();
            logs.each(at, log -> log.epoch(at, values));
        }
        epochListeners.forEach(listener -> listener.accept(epoch));
    }

    /** Passes the monitored value on to the monitor if it is among the new values. */
    private void take(Map<String, Double> values) {
        Double value = values.get(monitor.name);
        if (monitor.isUsed() && value != null) {
            boolean isFirst = history.values(monitor.name).size() == 1;
            monitor.take(value, isFirst, evaluator.model(), updates);
        }
    }

    /** Drops the epoch that failed; if its training was complete, only its evaluation is dropped. */
    private void fail() {
        if (!pass.over || updates.pending > 0) {
            pass.begin();
            updates.forget();
            training.metrics.reset();
        }
        pass.close();
    }

    /**
     * Trains on the batches of the epoch that were not taken yet.
     *
     * @return false if the training ended before the epoch did
     */
    private boolean train(Iterable<? extends B> batches, Iterator<? extends B> rest) {
        putInTraining();
        workers.requireEqual(updates.parts(evaluator.model(), this::declareState, batches));
        if (pass.taken == 0) {
            updates.clear();
            training.metrics.reset();
        }
        lastLoss = Double.NaN;
        stepIfDue(updates.accumulated);
        while (rest.hasNext()) {
            if (updates.pending == 0 && isOver()) {
                pass.leave(batches, rest);
                return false;
            }
            B batch = rest.next();
            double weight = evaluator.sizeOf(Trainer.class, batch);
            if (weight == 0) {
                pass.taken++;
                continue;
            }
            boolean isStepped = workspace.run(() -> step(batch, weight));
            if (isStepped) {
                afterStep();
            }
        }
        Trainer.requireThat(pass.means.samples > 0, "there are no batches to train with");
        // The loader has finished its epoch, so a state that a listener saves during this step must say that the epoch
        // is over. If a listener throws, the epoch is not over.
        pass.over = true;
        boolean isStepped = false;
        try {
            stepIfDue(1);
            isStepped = true;
        } finally {
            pass.over = isStepped;
        }
        return true;
    }

    /** Trains on a batch, and returns whether a step of the optimizer was due. */
    private boolean step(B batch, double weight) {
        Outcome outcome = updates.backward(factor -> backward(batch, factor), weight, pass.epochs);
        updates.checkRegistered(evaluator.model());
        if (pass.means.samples == 0) {
            outcome.requireOwnNames(names());
        }
        pass.taken++;
        pass.means.add(outcome, weight);
        // Metrics and listeners may keep their results for later steps, so they run outside of this step's workspace.
        lastLoss = Workspace.outside(() -> {
            Evaluator.update(training.metrics, outcome);
            batchListeners.forEach(listener -> listener.accept(outcome.loss()));
            return outcome.loss().item();
        });
        return updates.stepIfDue(updates.accumulated, pass.epochs);
    }

    private Outcome backward(B batch, double factor) {
        if (updates.optimizer == null) { // the program's function of a batch makes the steps
            return evaluator.of(batch);
        }
        boolean gathers = !training.metrics.names().isEmpty();
        Function<B, Outcome> outcome = part -> updates.checked(evaluator.of(part));
        return parallel == null
                ? outcome.apply(batch).backward(factor)
                : parallel.backward(batch, outcome, factor, pass.number(), gathers);
    }

    private void stepIfDue(int batches) {
        if (updates.stepIfDue(batches, pass.epochs)) {
            afterStep();
        }
    }

    /** Logs a step, clears its gradients, makes the validations that are due, and calls listeners. */
    private void afterStep() {
        double seconds = watch.isUsed ? workers.first(watch.seconds()) : 0;
        if (!logs.isEmpty()) {
            double done = length.done(pass.position(), updates.steps, seconds);
            Step step = new Step(moment(), lastLoss, updates.learningRate(), updates.norm, done);
            logs.each(step.at(), log -> log.step(step));
        }
        updates.clear();
        List<Check> due = dueAfterStep(seconds);
        if (!due.isEmpty()) {
            Map<String, Double> values = evaluate(due);
            values.forEach((name, value) -> history.add(name, updates.steps, value));
            take(values);
            Moment at = moment();
            logs.each(at, log -> log.numbers(at, values));
        }
        stepListeners.forEach(Runnable::run);
    }

    private List<Check> dueAfterStep(double seconds) {
        List<Check> due = List.of();
        for (Check check : checks.values()) {
            if (check.every().isDueAfterStep(updates.steps, secondsOfStep, seconds)) {
                due = due.isEmpty() ? new ArrayList<>() : due;
                due.add(check);
            }
        }
        secondsOfStep = seconds;
        return due;
    }

    private Map<String, Double> evaluate(List<Check> due) {
        // The metrics' counts of the training are put aside while the metrics measure the validations.
        Runnable counts = training.aside();
        try {
            return Evaluator.evaluating(evaluator.model(), () -> {
                Map<String, Double> values = new LinkedHashMap<>();
                due.forEach(check -> values.putAll(check.values().get()));
                return workers.first(values);
            });
        } finally {
            counts.run();
        }
    }

    /**
     * If all parts of the model are in evaluation mode, puts each part into its mode of the last training, or all into training mode if
     * this is the first training. Otherwise leaves the modes as they are.
     */
    private void putInTraining() {
        Block model = evaluator.model();
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
        boolean keepsBest = fields.isLoading() && monitor.restoresBest;
        state.declareState(
                fields, names(), namesWithSteps(), keepsBest ? evaluator.model().state() : Map.of());
        fields.onLoad(() -> secondsOfStep = watch.seconds());
    }
}
