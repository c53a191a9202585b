package io.adjoint.nn.train;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Collate;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.metric.Metrics;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.Schedule;
import io.adjoint.nn.parallel.Collective;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A training loop with metrics, validations, a schedule, clipping, accumulation of gradients, early stopping, the best weights, logs,
 * callbacks. It runs the explicit loop of {@code docs/training.md}.
 *
 * <pre>{@code
 * History history = Trainer.of(model, optimizer, new CrossEntropy())
 *         .metrics(new Accuracy())
 *         .validate(validation)
 *         .patience(5)
 *         .log(Progress.on(System.out))
 *         .fit(train, 40);
 * }</pre>
 *
 * <p><b>Modes.</b> The trainer keeps the mode of each block: after {@code norm.eval()} and {@code norm.freeze()} a pretrained normalization
 * keeps its running statistics. If the whole model is in evaluation mode, as after {@code model.eval()}, an epoch begins in the modes in
 * which this trainer trained last, and the first epoch in training mode. An evaluation puts the whole model into evaluation mode, and
 * restores the modes afterwards.
 *
 * <p><b>Registration.</b> The first batch shows whether the model has registered the blocks that it runs. An {@link IllegalStateException}
 * is thrown in three cases. First, a block that has parameters or buffers, or computes differently in training, runs within the model
 * without being its child: it would be neither trained, nor switched to evaluation mode, nor saved. (A block in evaluation mode with frozen
 * parameters may run so.) Second, a leaf that a block keeps in a field, a list or a map without registering it, and that the optimizer
 * doesn't have, gets a gradient. Third, the batch registers parameters that the optimizer doesn't have: run such a model once before you
 * make the optimizer. Only the {@link Doctor} finds parameters that were registered after the optimizer was made and before the first call
 * of {@link #fit}.
 *
 * <p>Settings change the trainer and return it. For one thread at a time.
 *
 * @param <B> a batch
 */
// Long because each setting of a training is a method of this class, with Javadoc.
public final class Trainer<B> implements Stateful {
    /** The name of the mean loss of an epoch's samples. */
    public static final String LOSS = "loss";

    /** The name of the mean loss of the samples of {@link #validate(Iterable)}. */
    public static final String VALIDATION_LOSS = "validation loss";

    private static final String VALIDATION = "validation";

    private final TrainingPlan<B> plan;
    private final TrainingLoop<B> loop;

    Trainer(Evaluator<B> evaluator, @Nullable Optimizer optimizer, LongSupplier nanos) {
        plan = new TrainingPlan<>(evaluator, optimizer);
        loop = new TrainingLoop<>(plan, nanos);
        plan.described.put("optimizer", optimizer == null ? "steps of the program" : optimizer.toString());
    }

    /**
     * A trainer of a layer that predicts the targets of its inputs.
     *
     * @throws IllegalArgumentException if the loss has {@link io.adjoint.nn.loss.Reduction#NONE}
     */
    public static Trainer<Batch> of(Layer model, Optimizer optimizer, Loss loss) {
        Trainer<Batch> trainer = new Trainer<>(Evaluator.of(model, loss), given(optimizer), System::nanoTime);
        trainer.plan.described.put("loss", loss.toString());
        return trainer;
    }

    /**
     * A trainer for batches of any type. {@code new Outcome(loss)} is enough for a training; metrics need {@code new Outcome(loss,
     * prediction, target)}. In a chain of settings the type is written out, since Java can't infer it there:
     * {@code Trainer.<Words>of(model, optimizer, batch -> …).metrics(new Accuracy())}. All batches weigh the same, unless
     * {@link #batchSize} is set, as by {@code batchSize(Collate::rows)}.
     *
     * @param outcome computes the loss of a batch by a forward pass of the model, the mean over its samples unless the
     *     {@link Outcome#reduction} is the sum
     */
    public static <B> Trainer<B> of(Block model, Optimizer optimizer, Function<? super B, Outcome> outcome) {
        return new Trainer<>(Evaluator.of(model, outcome), given(optimizer), System::nanoTime);
    }

    /** Without an optimizer a trainer would train nothing, and not say so. */
    private static Optimizer given(Optimizer optimizer) {
        return Objects.requireNonNull(optimizer, "the optimizer is null");
    }

    /**
     * A trainer whose function makes the steps itself, for several optimizers that take turns, such as the optimizers of a generator and a
     * discriminator. The trainer has the epochs, metrics, logs and states; gradients and learning rates are the function's.
     *
     * <pre>{@code
     * Trainer<Batch> trainer = Trainer.<Batch>of(gan, batch -> {
     *     Tensor real = discriminatorStep(batch);
     *     Tensor fake = generatorStep();
     *     return new Outcome(fake).with("discriminator loss", real);
     * });
     * }</pre>
     *
     * @param step trains with a batch: clears gradients, computes losses and their gradients, makes the optimizers' steps
     */
    public static <B> Trainer<B> of(Block model, Function<? super B, Outcome> step) {
        return new Trainer<>(Evaluator.of(model, step), null, System::nanoTime);
    }

    // ---- settings ----

    /**
     * Sets the weight of a batch in the mean loss of an epoch and among accumulated batches, usually its number of samples. By default all
     * batches weigh the same; a trainer made by {@link #of(Layer, Optimizer, Loss)} weighs each by its number of samples, as {@code
     * batchSize(Collate::rows)} does for tensors, lists and records of them. A mean over something else, as of a {@code CrossEntropy} that
     * ignores targets or weighs classes, needs the divisor of that mean as the weight:
     * {@code batchSize(batch -> batch.y().ne(-100).sum().item())}. Summed losses ({@link Outcome#reduction}) are added as they are, and
     * divided by the weights to be shown. A batch of weight 0, such as one without samples, is passed over; {@link #fit} refuses negative
     * and infinite weights.
     */
    @CanIgnoreReturnValue
    public Trainer<B> batchSize(ToDoubleFunction<? super B> size) {
        plan.evaluator = plan.evaluator.batchSize(size);
        return this;
    }

    /**
     * Sets the metrics of the training and of each validation, named by their classes: {@code Accuracy} and {@code validation Accuracy}. In
     * training they get the predictions of the training steps, so there is no second pass. The trainer resets them; their counts within an
     * epoch are part of its state.
     */
    @CanIgnoreReturnValue
    public Trainer<B> metrics(Metric... metrics) {
        return metrics(Metrics.of(metrics));
    }

    /** Sets the metrics of the training and of each validation, with names that you choose. */
    @CanIgnoreReturnValue
    public Trainer<B> metrics(Metrics metrics) {
        plan.metrics = metrics;
        return this;
    }

    /** Sets the learning rate before each step to the value of a schedule, whose step 0 is the first of all. */
    @CanIgnoreReturnValue
    public Trainer<B> schedule(Schedule rate) {
        return schedule(rate, Every.STEP);
    }

    /**
     * Sets the learning rate before each step to the value of a schedule that goes on by one at an interval: {@link Every#EPOCH} for one
     * that counts epochs.
     *
     * @throws IllegalArgumentException if the interval is a time
     */
    @CanIgnoreReturnValue
    public Trainer<B> schedule(Schedule rate, Every every) {
        return schedule(TrainingPlan.RATE, rate, every);
    }

    /**
     * Sets a setting of the optimizer before each step to the value of a schedule, whose step 0 is the first of all. PyTorch's
     * {@code OneCycleLR} cycles a momentum beside the learning rate; here that is a line more:
     *
     * <pre>{@code
     * OneCycle cycle = new OneCycle(3e-3, steps);
     * trainer.schedule(cycle).schedule("beta1", cycle.momentum(0.85, 0.95));
     * }</pre>
     *
     * @param setting the name, as {@link Optimizer#set} takes it: {@code beta1} of an Adam, {@code momentum} of an SGD
     * @throws IllegalArgumentException if the optimizer has no such setting
     */
    @CanIgnoreReturnValue
    public Trainer<B> schedule(String setting, Schedule values) {
        return schedule(setting, values, Every.STEP);
    }

    @CanIgnoreReturnValue
    private Trainer<B> schedule(String setting, Schedule values, Every every) {
        requireSetting(setting);
        requireThat(
                !every.isTime(),
                "a schedule goes by steps or epochs, not by time, so that the same seed gives the same bits");
        plan.described.put(
                setting.equals(TrainingPlan.RATE) ? "schedule" : "schedule of " + setting, values + " " + every);
        plan.schedules.put(setting, steps -> new TrainingPlan.Scheduled(values, every));
        return this;
    }

    private void requireSetting(String setting) {
        Optimizer optimizer = plan.optimizer;
        requireThat(
                optimizer == null || optimizer.settings().containsKey(setting),
                "the optimizer has no setting '" + setting + "'; its settings are "
                        + (optimizer == null ? "" : optimizer.settings().keySet()));
    }

    /**
     * Sets the learning rate to the value of a schedule that spans the whole training: {@code scheduleOver(steps -> new OneCycle(3e-3,
     * steps))}. The number of steps comes from {@link #fit(Iterable, Length)}, for a length in epochs by the number of batches of a {@link
     * io.adjoint.nn.data.DataLoader} or a collection. A call with another length has another schedule: a training that is to go on later is
     * ended by {@link #stop}, and continued with the same length.
     *
     * @param schedule makes the schedule of the number of steps
     */
    @CanIgnoreReturnValue
    public Trainer<B> scheduleOver(LongFunction<? extends Schedule> schedule) {
        return scheduleOver(TrainingPlan.RATE, schedule);
    }

    /**
     * Sets a setting of the optimizer to the value of a schedule that spans the whole training, as {@link #scheduleOver(LongFunction)} does
     * with the learning rate: {@code scheduleOver("beta1", steps -> new OneCycle(3e-3, steps).momentum(0.85, 0.95))}.
     *
     * @param setting the name, as {@link Optimizer#set} takes it
     * @param schedule makes the schedule of the number of steps
     * @throws IllegalArgumentException if the optimizer has no such setting
     */
    @CanIgnoreReturnValue
    public Trainer<B> scheduleOver(String setting, LongFunction<? extends Schedule> schedule) {
        requireSetting(setting);
        plan.schedules.put(setting, steps -> new TrainingPlan.Scheduled(schedule.apply(steps.getAsLong()), Every.STEP));
        return this;
    }

    /**
     * Sets the learning rate to the rate of a plateau, from the first step on. The plateau gets the monitored value whenever it is
     * computed; its {@link Plateau#goal(Goal)} is the goal of {@link #monitor}.
     */
    @CanIgnoreReturnValue
    public Trainer<B> plateau(Plateau rate) {
        plan.plateau = rate;
        return this;
    }

    /**
     * Clips the norm of all gradients together before each step, {@link Clip#norm}; by default they stay as they are.
     *
     * @throws IllegalArgumentException if the norm is not positive
     */
    @CanIgnoreReturnValue
    public Trainer<B> clipNorm(double max) {
        Settings.require(max > 0, Trainer.class, "norm to clip to", "be positive", max);
        plan.described.put("clipNorm", Double.toString(max));
        plan.maxNorm = max;
        return this;
    }

    /**
     * Clips each element of the gradients to [−max, max] before each step, {@link Clip#value}, and before their norm is; by default they
     * stay as they are.
     *
     * @throws IllegalArgumentException if the bound is not positive
     */
    @CanIgnoreReturnValue
    public Trainer<B> clipValue(double max) {
        Settings.require(max > 0, Trainer.class, "value to clip to", "be positive", max);
        plan.described.put("clipValue", Double.toString(max));
        plan.maxValue = max;
        return this;
    }

    /** Computes the norm of all gradients before each step, for {@link #gradientNorm} and the logs, though nothing is clipped by it. */
    @CanIgnoreReturnValue
    public Trainer<B> measureGradientNorm() {
        plan.measuresNorm = true;
        return this;
    }

    /**
     * Lets the tensors of a step live on until they are garbage. Otherwise the next step uses their memory again ({@link Workspace}), and a
     * listener, a metric or a function of a batch that keeps one of them without {@link Workspace#keep} gets an exception when it reads
     * the tensor after the step.
     */
    @CanIgnoreReturnValue
    public Trainer<B> withoutWorkspace() {
        plan.workspace = Workspace.none();
        return this;
    }

    /**
     * Makes a step only after some batches, as if they were one large batch; 1 by default: the gradients of mean losses are averaged by the
     * weights of the batches ({@link #batchSize}), sums of losses ({@link Outcome#reduction}) are added. The batches that are left at the
     * end of an epoch make a step, too.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    @CanIgnoreReturnValue
    public Trainer<B> accumulate(int batches) {
        plan.accumulated = Settings.requireCount(Trainer.class, "number of batches to accumulate", batches);
        plan.described.put("accumulate", Integer.toString(batches));
        return this;
    }

    /**
     * Evaluates the model on some batches after each epoch: the mean loss {@value #VALIDATION_LOSS}, and each metric, such as
     * {@code validation Accuracy}.
     *
     * @throws IllegalArgumentException if there is such a validation already: name the second
     */
    @CanIgnoreReturnValue
    public Trainer<B> validate(Iterable<? extends B> batches) {
        return validate(VALIDATION, batches, Every.EPOCH);
    }

    /**
     * Evaluates the model on some batches at an interval. At other intervals than each epoch the values are the values of {@link
     * History#steps}, and an evaluation after a step comes before the listeners of the step.
     *
     * @throws IllegalArgumentException if there is such a validation already: name the second
     */
    @CanIgnoreReturnValue
    public Trainer<B> validate(Iterable<? extends B> batches, Every every) {
        return validate(VALIDATION, batches, every);
    }

    /**
     * Evaluates the model on some batches after each epoch, as one of several validations; the values are {@code name loss} and so on.
     *
     * @throws IllegalArgumentException if there is a validation of that name
     */
    @CanIgnoreReturnValue
    public Trainer<B> validate(String name, Iterable<? extends B> batches) {
        return validate(name, batches, Every.EPOCH);
    }

    /**
     * Evaluates the model on some batches at an interval, as one of several validations.
     *
     * @throws IllegalArgumentException if there is a validation of that name
     */
    @CanIgnoreReturnValue
    public Trainer<B> validate(String name, Iterable<? extends B> batches, Every every) {
        requireEvaluates();
        String loss = name + " " + LOSS;
        requireThat(
                !plan.measurements.containsKey(loss),
                "there is a validation '" + name + "' already; name the second one: validate(\"other\", batches)");
        plan.measurements.put(loss, Measurement.validation(plan, name, batches, every));
        return this;
    }

    private void requireEvaluates() {
        requireThat(
                plan.optimizer != null,
                "the function of a batch makes steps, so it cannot evaluate; track(name, value) what an Evaluator computes");
    }

    /** Tracks a value, which is computed after each epoch with the model in evaluation mode and nothing recorded. */
    @CanIgnoreReturnValue
    public Trainer<B> track(String name, DoubleSupplier value) {
        requireThat(!name.equals(LOSS), "'loss' is the training loss; name the value otherwise");
        plan.measurements.put(
                name, new Measurement(Every.EPOCH, () -> List.of(name), () -> Map.of(name, value.getAsDouble())));
        return this;
    }

    /**
     * Sets the value that {@link #patience}, {@link #restoreBest} and {@link #plateau} go by: one of a validation, a metric or one that is
     * tracked, by default the validation loss, or {@link #LOSS}, the training loss. {@link #fit} refuses a plateau of the opposite
     * {@link Plateau#goal(Goal)}.
     */
    @CanIgnoreReturnValue
    public Trainer<B> monitor(String name, Goal goal) {
        plan.monitored = new TrainingRun.Monitored(name, goal);
        return this;
    }

    /**
     * Stops early: after a number of monitored values, one an epoch unless they are computed at another interval, that were not better
     * than the best.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    @CanIgnoreReturnValue
    public Trainer<B> patience(int values) {
        plan.patience = Settings.requireCount(Trainer.class, "patience", values);
        return this;
    }

    /**
     * Loads the weights with the best monitored value into the model at the end of {@link #fit(Iterable, Length)}. The last weights are
     * kept, and a further call goes on with them, even if the model has other weights then.
     */
    @CanIgnoreReturnValue
    public Trainer<B> restoreBest() {
        plan.restoresBest = true;
        return this;
    }

    /**
     * Adds a setting of the program to those that logs get, such as {@code setting("seed", 1)}; a trainer tells its own, such as the
     * optimizer. A setting replaces an earlier one of the same name.
     */
    @CanIgnoreReturnValue
    public Trainer<B> setting(String name, Object value) {
        plan.described.put(
                Objects.requireNonNull(name, "Trainer: the name of a setting is null"),
                Objects.requireNonNull(value, "Trainer: the value of a setting is null")
                        .toString());
        return this;
    }

    /** Adds logs, which get the events of the training: {@code log(Progress.on(System.out), new CsvLog(folder))}. */
    @CanIgnoreReturnValue
    public Trainer<B> log(Log... more) {
        for (Log log : more) {
            plan.logs.add(Objects.requireNonNull(log, "Trainer: a log is null"));
        }
        return this;
    }

    /** Calls a function after each epoch; it may call {@link #stop}, and add others, which are called from the next epoch on. */
    @CanIgnoreReturnValue
    public Trainer<B> onEpoch(Consumer<? super Epoch> listener) {
        plan.epochListeners.add(listener);
        return this;
    }

    /** Calls a function with the loss of each batch, after its backward pass; to be read by {@code item()}. */
    @CanIgnoreReturnValue
    public Trainer<B> onBatch(Consumer<? super Tensor> listener) {
        plan.batchListeners.add(listener);
        return this;
    }

    /** Calls a function after each step of the optimizer, such as {@code average::update}. */
    @CanIgnoreReturnValue
    public Trainer<B> onStep(Runnable listener) {
        plan.stepListeners.add(listener);
        return this;
    }

    static void requireThat(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException("Trainer: " + problem);
        }
    }

    /**
     * Trains together with other workers, each of which runs the same program with a replica of the model: see {@link DataParallel}, by
     * which any number of workers ends with the same bits. All call {@code fit} with loaders that give the same batches, of which each
     * worker computes its shards; the weight of a part is its {@link #batchSize}, or, unless that was set, its number of rows. Each batch
     * of a validation is computed by one worker; metrics see all predictions in the order of the samples.
     *
     * <p>The workers agree on {@link #stop}, and on the time and the tracked values of rank 0. Logs get the events of rank 0 alone; a
     * program saves its checkpoints there, too, and all workers load the same. All call {@link #evaluate} and {@link #predict}, which
     * share the batches; {@link #searchRate} is each worker's own. A failure of one worker ends the training of all, also of a program
     * that catches it. A {@link Doctor} sees the shards of its worker.
     *
     * @param workers this worker's collective
     * @param shards the number of shards of each batch, at least the number of workers; the bits depend on it
     * @throws IllegalArgumentException if the program makes its steps itself, or there are fewer shards than workers
     */
    @CanIgnoreReturnValue
    public Trainer<B> parallel(Collective workers, int shards) {
        return parallel(workers, shards, Collate::split);
    }

    /**
     * Trains together with other workers as {@link #parallel(Collective, int)}, with batches of any type.
     *
     * @param split splits a batch into at most as many parts as it is asked for, the same on all workers
     */
    @CanIgnoreReturnValue
    public Trainer<B> parallel(
            Collective workers, int shards, BiFunction<? super B, Integer, ? extends List<? extends B>> split) {
        Optimizer optimizer = plan.optimizer;
        if (optimizer == null) {
            throw new IllegalArgumentException(
                    "Trainer: the function of a batch makes its steps itself, so workers cannot share"
                            + " them; use a DataParallel for each optimizer in the function");
        }
        DataParallel<B> gradients =
                new DataParallel<>(Trainer.class, plan.evaluator.model(), optimizer, workers, shards);
        gradients.splitBy(split).batchSize(part -> plan.evaluator.sizeOfPart(part));
        plan.workers = gradients.decisions();
        plan.parallel = gradients;
        plan.evaluator = plan.evaluator.parallel(workers);
        plan.described.put("shards", Integer.toString(shards));
        return this;
    }

    // ---- training ----

    /**
     * Trains until there have been that many epochs in all: {@code fit(batches, Length.epochs(epochs))}.
     *
     * @throws IllegalArgumentException as {@link #fit(Iterable, Length)}
     * @throws IllegalStateException as {@link #fit(Iterable, Length)}
     */
    @CanIgnoreReturnValue
    public History fit(Iterable<? extends B> batches, int epochs) {
        Settings.require(epochs >= 0, Trainer.class, "number of epochs", "not be negative", epochs);
        return fit(batches, Length.epochs(epochs));
    }

    /**
     * Trains until the training has a length in all, with calls before and a state that was loaded included: a program that
     * continues has the same call as one that begins, and without {@link #scheduleOver} {@code fit(3)} before {@code fit(6)} makes no
     * difference, not even by {@link #restoreBest}. The model is trained, and left, in training mode, but for parts that the program put in
     * evaluation mode: see {@link Trainer}.
     *
     * <p>A length in steps or time, {@link #stop} and {@link #patience} may end the call within an epoch, after a step. The next call with
     * the same batches goes on with the rest of that epoch; and so does a program that loads the states, the loader's among them. An epoch
     * whose last batch was taken is ended before.
     *
     * <p>An epoch is trained and then evaluated. Where an exception ends either, the next call repeats it from its beginning, with the
     * weights that there are: this trainer's as well as that of one that loads the states from after the exception. Steps are counted that
     * were made before it. To go on in the middle of an epoch, load states that were taken before, by a listener.
     *
     * @param batches gives the batches of an epoch in each iteration, as a data loader does; an epoch that begins takes a new iteration
     *     where that of a loaded loader would be the rest of an epoch
     * @param length the length that the training has when it is over, unless it stops early
     * @return the values so far
     * @throws IllegalArgumentException if there are no batches, no value of the monitored name is tracked, or settings contradict each
     *     other
     * @throws IllegalStateException if an epoch is to be continued, and the loader is not where it was, or other batches end before
     *     that; then nothing has been forgotten. If the model runs a block that it hasn't registered; then no step has been made. If
     *     the first batch registers parameters that the optimizer doesn't have
     */
    @CanIgnoreReturnValue
    public History fit(Iterable<? extends B> batches, Length length) {
        loop.fit(batches, length);
        return history();
    }

    /**
     * Ends the training after the step under way, within the epoch unless that has no more batches; for listeners. A further call of
     * {@code fit} goes on with the rest.
     */
    public void stop() {
        loop.stopped = true;
    }

    /**
     * Passes an event of the program on to the logs, for listeners: {@code trainer.onEpoch(epoch -> trainer.tell(log ->
     * log.histogram(trainer.moment(), "weight", weight.data())))}. A log that throws then is ended, and the training goes on without it, as
     * after events of the trainer; outside of a call of {@code fit} no log is open to take it.
     */
    public void tell(Consumer<Log> event) {
        loop.logs.each(loop.moment(), event);
    }

    /** The number of optimizer steps made so far. */
    public long steps() {
        return loop.updates.steps;
    }

    /**
     * The norm of all gradients before the last step, as it was before {@link #clipNorm} scaled them, for a listener of {@link #onStep};
     * empty if there was no such step, or neither {@code clipNorm} nor {@link #measureGradientNorm} was called.
     */
    public OptionalDouble gradientNorm() {
        return loop.updates.norm;
    }

    /** The number of epochs that are over. */
    public int epochs() {
        return loop.current.epochs;
    }

    /** The values so far. */
    public History history() {
        return loop.history.copy();
    }

    /** The present moment of this training, for numbers, texts and pictures that a listener logs itself. */
    public Moment moment() {
        return loop.moment();
    }

    // ---- evaluation ----

    /**
     * Evaluates the model on some batches: the mean loss, and the metrics of this trainer, which go on with the counts of the training
     * afterwards.
     *
     * @throws IllegalArgumentException if there are no batches, or the function of a batch makes steps
     */
    public Evaluation evaluate(Iterable<? extends B> batches) {
        requireEvaluates();
        return loop.withMetrics(() -> plan.evaluator.evaluate(batches, plan.metrics));
    }

    /**
     * Evaluates the model on some batches: the mean loss and these metrics, which have the counts of this pass afterwards:
     * {@code trainer.evaluate(test, confusion)}.
     *
     * @param metrics metrics in place of this trainer's
     * @throws IllegalArgumentException if there are no batches, or the function of a batch makes steps
     */
    public Evaluation evaluate(Iterable<? extends B> batches, Metric... metrics) {
        requireEvaluates();
        return plan.evaluator.evaluate(batches, metrics);
    }

    /**
     * The predictions of all batches, joined along their first axis.
     *
     * @throws IllegalArgumentException if there are no batches, the function of a batch gives no prediction, or it makes steps
     */
    public Tensor predict(Iterable<? extends B> batches) {
        requireEvaluates();
        return plan.evaluator.predict(batches);
    }

    /**
     * Searches a learning rate: makes some steps whose rate grows from a small to a large one, and looks at the losses, until they are four
     * times the smallest; of negative losses, until they exceed the smallest by three times its magnitude. Afterwards the model, the
     * optimizer, the batches, if they are {@link Stateful} as a data loader is, and the other given objects are as before, also after an
     * exception. Gradients are cleared, clipped as in training, and not accumulated.
     *
     * <pre>{@code
     * double rate = trainer.searchRate(loader, 1e-6, 1, 100, dropout).suggestion();
     * }</pre>
     *
     * @param batches gives the batches; another iteration begins where one ends
     * @param from the first rate
     * @param to the last rate
     * @param steps the number of steps
     * @param drawn other state that the steps change, such as the generators of dropout and augmentation
     * @throws IllegalArgumentException if the rates or the number of steps are impossible, there are no batches, gradients of batches are
     *     accumulated, or the optimizer evaluates a batch several times or is the program's
     */
    public RateSearch searchRate(Iterable<? extends B> batches, double from, double to, int steps, Stateful... drawn) {
        requireEvaluates();
        requireThat(
                loop.updates.pending == 0,
                "a search clears gradients, but those of " + loop.updates.pending
                        + " batches are accumulated; search before the state is loaded, or after the next call of fit");
        loop.current.closeBefore(batches);
        return RateSearch.run(plan.ofSearch(), batches, from, to, steps, drawn);
    }

    // ---- states ----

    /**
     * Declares the trainer's state: the numbers of epochs and steps, the history, the best value and the values since, the best weights and
     * the last; for the current epoch the number of batches, their losses, the metrics' counts, and the accumulated gradients; if a setting
     * depends on time, also the time. A training continues bit for bit from this state and the states of its model, optimizer, loader,
     * generators and {@link Plateau}. You may save them between calls of {@code fit}, and in a listener after any step.
     *
     * <p>Load a state into a trainer of the same settings. If it was saved within an epoch, the next call of {@code fit} begins with the
     * rest of that epoch; a {@link io.adjoint.nn.data.DataLoader} must have loaded its own state before. From any other {@code Iterable}
     * the trainer skips the batches that the epoch had, unless its iterator is a {@link io.adjoint.nn.data.BatchIterator}. An {@code
     * Iterable} around a loader must give such an iterator, or batches of the rest would be skipped as well.
     *
     * <p>Another number of {@link #accumulate} than there was holds at once: accumulated gradients are a mean, or a sum, of any number.
     */
    @Override
    public void declareState(StateFields fields) {
        loop.declareState(fields);
    }
}
