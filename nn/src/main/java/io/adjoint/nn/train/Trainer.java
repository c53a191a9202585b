package io.adjoint.nn.train;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.State;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Modes;
import io.adjoint.nn.Settings;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.Schedule;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A training loop with what most programs add to its five lines: a validation after each epoch, a schedule, clipping, accumulation of
 * gradients, early stopping, the best weights, callbacks. The training itself is the explicit loop in {@code docs/training.md}.
 *
 * <pre>{@code
 * History history = Trainer.of(model, optimizer, new CrossEntropy())
 *         .validate(validation)
 *         .patience(5)
 *         .onEpoch(epoch -> System.out.println(epoch))
 *         .fit(train, 40);
 * }</pre>
 *
 * <p><b>Modes.</b> The parts of a model are trained in the modes that the program put them into: {@code norm.eval()}, beside
 * {@code norm.freeze()}, keeps the running statistics of a pretrained normalization as they are. Only where the whole model is in
 * evaluation mode, as after {@code model.eval()} for an evaluation, an epoch begins in the modes in which this trainer trained last, the
 * first in training mode throughout. For an evaluation all of the model is in evaluation mode, then in the modes of before.
 *
 * <p>Settings change the trainer and return it. For one thread at a time.
 *
 * @param <B> a batch
 */
// Long because each setting of a training is a method of it, with what it promises.
public final class Trainer<B> implements Stateful {
    /** The name of the mean loss of an epoch's batches. */
    public static final String LOSS = "loss";

    /** The name of the mean loss of the batches of {@link #validate}. */
    public static final String VALIDATION_LOSS = "validation loss";

    private final Block model;
    private final Steps steps;
    private final Map<String, DoubleSupplier> tracked = new LinkedHashMap<>();
    private final List<Consumer<? super Epoch>> epochListeners = new CopyOnWriteArrayList<>();

    private BatchLoss<B> losses;
    private @Nullable Plateau plateau;
    private @Nullable Progress progress;
    private String monitored = VALIDATION_LOSS;
    private Goal goal = Goal.MIN;
    /** True once the program has said what is monitored: until then a plateau may come first. */
    private boolean isGoalSet;

    private int patience = Integer.MAX_VALUE;
    private boolean restoresBest;

    private Course course = new Course();

    /** Puts the model's parts in the modes in which it was trained last; null before. */
    private @Nullable Runnable modes;

    private volatile boolean stopped;

    /**
     * A trainer for batches of any type. In a chain of settings the type is written out, since Java can't infer it there:
     * {@code new Trainer<Words>(model, optimizer, batch -> …).accumulate(2)}. All batches weigh the same, unless {@link #batchSize} is set.
     *
     * @param loss computes the mean loss of a batch's samples, by a forward pass of the model
     */
    public Trainer(Block model, Optimizer optimizer, Function<? super B, Tensor> loss) {
        this.model = model;
        steps = new Steps(optimizer);
        losses = new BatchLoss<>(loss, batch -> 1);
    }

    /** A trainer of a layer that predicts the targets of its inputs. */
    public static Trainer<Batch> of(Layer model, Optimizer optimizer, Loss loss) {
        return new Trainer<Batch>(model, optimizer, batch -> loss.forward(model.forward(batch.x()), batch.y()))
                .batchSize(batch -> batch.x().shape().dim(0));
    }

    // ---- settings ----

    /**
     * Sets the weight of a batch in the mean loss of an epoch and among accumulated batches, usually its number of samples. By default all
     * batches weigh the same; a trainer made by {@link #of} weighs each by its number of samples. A batch of weight 0, such as one without
     * samples, is passed over; {@link #fit} refuses negative and infinite weights.
     */
    @CanIgnoreReturnValue
    public Trainer<B> batchSize(ToDoubleFunction<? super B> size) {
        losses = losses.size(size);
        return this;
    }

    /** Sets the learning rate before each step to that of a schedule, whose step 0 is the first of all. */
    @CanIgnoreReturnValue
    public Trainer<B> schedule(Schedule rate) {
        steps.schedule = rate;
        return this;
    }

    /**
     * Sets the learning rate to that of a plateau, from the first step on, and after each epoch; it takes the value that is monitored.
     *
     * @throws IllegalArgumentException if the plateau goes by the direction opposite to that of {@link #monitor}
     */
    @CanIgnoreReturnValue
    public Trainer<B> plateau(Plateau rate) {
        requireOneGoal(rate, goal, isGoalSet);
        plateau = rate;
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
        steps.maxNorm = max;
        return this;
    }

    /**
     * Makes a step only after some batches, whose gradients are averaged by what they count ({@link #batchSize}), as if they were one
     * large batch; 1 by default. What is left at the end of an epoch makes a step, too.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    @CanIgnoreReturnValue
    public Trainer<B> accumulate(int batches) {
        steps.accumulated = Settings.requireCount(Trainer.class, "number of batches to accumulate", batches);
        return this;
    }

    /** Tracks the mean loss of some batches, {@value #VALIDATION_LOSS}, after each epoch. */
    @CanIgnoreReturnValue
    public Trainer<B> validate(Iterable<? extends B> batches) {
        return track(VALIDATION_LOSS, () -> losses.mean(batches));
    }

    /** Tracks a value, which is computed after each epoch with the model in evaluation mode and nothing recorded. */
    @CanIgnoreReturnValue
    public Trainer<B> track(String name, DoubleSupplier value) {
        requireThat(!name.equals(LOSS), "'loss' is the training loss; name the value otherwise");
        tracked.put(name, value);
        return this;
    }

    /**
     * Sets the value that {@link #patience}, {@link #restoreBest} and {@link #plateau} go by: one that is tracked, by default the
     * validation loss, or {@link #LOSS}, the training loss. A plateau has its own direction: with {@link Goal#MAX} give it
     * {@link Plateau#maximize}.
     *
     * @throws IllegalArgumentException if the plateau goes by the opposite direction
     */
    @CanIgnoreReturnValue
    public Trainer<B> monitor(String name, Goal goal) {
        requireOneGoal(plateau, goal, true);
        this.monitored = name;
        this.goal = goal;
        isGoalSet = true;
        return this;
    }

    /**
     * Stops early: after some epochs in which the monitored value did not get better than in the best epoch.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    @CanIgnoreReturnValue
    public Trainer<B> patience(int epochs) {
        patience = Settings.requireCount(Trainer.class, "patience", epochs);
        return this;
    }

    /**
     * Loads the weights of the epoch with the best monitored value into the model at the end of {@link #fit}. The last ones are kept, so
     * that a further call goes on with them, whatever the model has then.
     */
    @CanIgnoreReturnValue
    public Trainer<B> restoreBest() {
        restoresBest = true;
        return this;
    }

    /** Calls a function after each epoch; it may call {@link #stop}, and add others, which are called from the next epoch on. */
    @CanIgnoreReturnValue
    public Trainer<B> onEpoch(Consumer<? super Epoch> listener) {
        epochListeners.add(listener);
        return this;
    }

    /** Calls a function with the loss of each batch, after its backward pass; to be read by {@code item()}. */
    @CanIgnoreReturnValue
    public Trainer<B> onBatch(Consumer<? super Tensor> listener) {
        steps.batchListeners.add(listener);
        return this;
    }

    /** Calls a function after each step of the optimizer, such as {@code average::update}. */
    @CanIgnoreReturnValue
    public Trainer<B> onStep(Runnable listener) {
        steps.listeners.add(listener);
        return this;
    }

    /** Shows the progress: {@code progress(Progress.on(System.out))}. */
    @CanIgnoreReturnValue
    public Trainer<B> progress(Progress progress) {
        this.progress = progress;
        return this;
    }

    private static void requireOneGoal(@Nullable Plateau plateau, Goal goal, boolean isKnown) {
        requireThat(
                plateau == null || !isKnown || plateau.isMaximizing() == (goal == Goal.MAX),
                "the goal of what is monitored is " + goal + ", but the plateau's is the opposite; "
                        + (goal == Goal.MAX
                                ? "call maximize() on the plateau"
                                : "call monitor(name, Goal.MAX) before, or leave maximize() out"));
    }

    static void requireThat(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException("Trainer: " + problem);
        }
    }

    // ---- training ----

    /**
     * Trains until there have been that many epochs in all, those of calls before and of a state that was loaded included: a program that
     * continues has the same call as one that begins, and {@code fit(3)} before {@code fit(6)} makes no difference, not even by
     * {@link #restoreBest}. The model is trained, and left, in training mode, but for parts that the program put in evaluation mode: see
     * {@link Trainer}.
     *
     * <p>An epoch is trained and then evaluated. Where an exception ends either, the next call repeats it from its beginning, with the
     * weights that there are: this trainer's as well as that of one that loads the states from after the exception. Steps are counted that
     * were made before it. To go on in the middle of an epoch, load states that were taken before, by a listener.
     *
     * @param batches gives the batches of an epoch in each iteration, as a data loader does; an epoch that begins takes a new iteration
     *     where that of a loaded loader would be the rest of an epoch
     * @param epochs the number of epochs that the training has when it is over, unless it stops early
     * @return the values of all epochs so far
     * @throws IllegalArgumentException if there are no batches, epochs is negative, what is monitored is not tracked, or settings
     *     contradict each other
     * @throws IllegalStateException if an epoch is to be continued, and the loader is not where it was, or other batches end before
     *     that; then nothing has been forgotten
     */
    @CanIgnoreReturnValue
    public History fit(Iterable<? extends B> batches, int epochs) {
        Settings.require(epochs >= 0, Trainer.class, "number of epochs", "not be negative", epochs);
        boolean monitors = restoresBest || patience < Integer.MAX_VALUE || plateau != null;
        requireThat(
                !monitors || tracked.containsKey(monitored) || monitored.equals(LOSS),
                "'" + monitored + "' is monitored, but not tracked; call validate(batches) or track(name, value)");
        requireThat(
                steps.schedule == null || plateau == null,
                "the learning rate is either that of a schedule or of a plateau");
        requireOneGoal(plateau, goal, true);
        steps.check(model);
        if (plateau != null) {
            steps.optimizer.learningRate(plateau.rate());
        }
        putInTraining();
        stopped = false;
        if (!course.lastWeights.isEmpty()) {
            model.load(course.lastWeights);
            course.lastWeights = Map.of();
        }
        try {
            while (course.epochs < epochs && course.sinceBest < patience && !stopped) {
                Epoch epoch = epoch(batches, epochs);
                double value = epoch.values().getOrDefault(monitored, Double.NaN);
                if (monitors && course.isBest(value, goal) && restoresBest) {
                    course.bestWeights = model.state();
                }
                if (plateau != null) {
                    steps.optimizer.learningRate(plateau.step(value));
                }
                if (progress != null) {
                    progress.epoch(epoch, epochs);
                }
                epochListeners.forEach(listener -> listener.accept(epoch));
            }
        } finally {
            if (progress != null) {
                progress.end();
            }
        }
        if (!course.bestWeights.isEmpty()) {
            course.lastWeights = model.state();
            model.load(course.bestWeights);
        }
        return history();
    }

    /** Ends the training after the epoch under way; for listeners. */
    public void stop() {
        stopped = true;
    }

    /** The number of optimizer steps made so far. */
    public long steps() {
        return course.steps;
    }

    /**
     * The norm of all gradients that {@link #clipNorm} found before the last step, as it was before clipping, for a listener of
     * {@link #onStep}; NaN if there was no such step.
     */
    public double gradientNorm() {
        return steps.norm;
    }

    /** The number of epochs that are over. */
    public int epochs() {
        return course.epochs;
    }

    /** The values of all epochs that are over. */
    public History history() {
        return course.history.copy();
    }

    private Epoch epoch(Iterable<? extends B> batches, int epochs) {
        // A place that does not fit is refused before anything is forgotten.
        Iterator<? extends B> rest = course.rest(batches);
        boolean done = false;
        try {
            if (!course.over) {
                train(rest, epochs);
            }
            Map<String, Double> values = evaluate();
            course.endEpoch(values);
            done = true;
            return new Epoch(course.epochs, course.steps, values);
        } finally {
            if (!done) {
                course.fail();
            }
        }
    }

    /** Trains with the batches of the epoch that were not taken yet. */
    private void train(Iterator<? extends B> rest, int epochs) {
        putInTraining();
        if (course.taken == 0) {
            steps.optimizer.zeroGrad();
        }
        steps.stepIfDue(course, steps.accumulated);
        while (rest.hasNext()) {
            B batch = rest.next();
            double weight = losses.sizeOf(batch);
            if (weight == 0) {
                course.taken++;
                continue;
            }
            steps.train(() -> losses.of(batch), weight, course);
            if (progress != null) {
                progress.batch(course.epochs + 1, epochs, course.part(), course.loss / course.samples);
            }
        }
        requireThat(course.samples > 0, "there are no batches to train with");
        course.over = true;
        steps.stepIfDue(course, 1);
    }

    private Map<String, Double> evaluate() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(LOSS, course.loss / course.samples);
        Runnable before = Modes.kept(model);
        model.eval();
        try {
            Autograd.runWithoutGrad(() -> tracked.forEach((name, of) -> values.put(name, of.getAsDouble())));
        } finally {
            before.run();
        }
        return values;
    }

    /** Leaves the model in its modes, unless all of it is in evaluation mode. */
    private void putInTraining() {
        if (!Modes.anyTraining(model)) {
            model.train();
            if (modes != null) {
                modes.run();
            }
        }
        modes = Modes.kept(model);
    }

    // ---- states ----

    /**
     * A copy of all that the trainer carries: the numbers of epochs and steps, the history, the best value and the epochs since, the best
     * weights and the last, and of the epoch under way the number of batches, their losses, and the gradients that are accumulated. A
     * training can be continued bit for bit from it and the states of what the trainer works with: the model, the optimizer, the loader,
     * generators, a
     * {@link Plateau}. All may be taken between calls of {@link #fit}, and by listeners, after any step.
     */
    @Override
    public Map<String, NdArray> state() {
        return course.state(steps.optimizer.parameters());
    }

    /**
     * Continues from a state that a trainer of the same settings gave. If an epoch was under way there, the next {@link #fit} begins with
     * the rest of it; a {@link io.adjoint.nn.data.DataLoader} must have loaded its own state by then. Of other batches the first are left
     * out, unless their iterator is a {@link io.adjoint.nn.data.BatchIterator}: an {@code Iterable} around a loader must give such ones, or
     * the first of the rest would be left out as well.
     *
     * <p>Another number of {@link #accumulate} than there was holds at once: accumulated gradients are a mean, whatever the number.
     *
     * @throws IllegalArgumentException that lists every array that is missing, unexpected, or of another dtype or shape, or if a count is
     *     impossible; then nothing has changed
     */
    @Override
    public void load(Map<String, NdArray> state) {
        List<String> names = new ArrayList<>(List.of(LOSS));
        names.addAll(tracked.keySet());
        Map<String, State.Slot> weights = new LinkedHashMap<>();
        if (restoresBest) {
            model.state().forEach((path, array) -> weights.put(path, State.Slot.of(array)));
        }
        course = Course.load(state, names, weights, steps.optimizer.parameters());
        Course.restoreGradients(state, steps.optimizer.parameters());
    }
}
