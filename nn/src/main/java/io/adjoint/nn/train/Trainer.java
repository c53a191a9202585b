package io.adjoint.nn.train;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A training loop with what most of them have around their five lines: a validation after each epoch, a schedule, clipping, accumulation of
 * gradients, early stopping, the best weights, callbacks. It does nothing that the explicit loop in {@code docs/training.md} does not.
 *
 * <pre>{@code
 * History history = Trainer.of(model, optimizer, new CrossEntropy())
 *         .validate(validation)
 *         .patience(5)
 *         .onEpoch(epoch -> System.out.println(epoch))
 *         .fit(train, 40);
 * }</pre>
 *
 * <p>Settings change the trainer and return it. For one thread at a time.
 *
 * @param <B> a batch
 */
public final class Trainer<B> {
    /** The name of the mean loss of the batches of {@link #validate}. */
    public static final String VALIDATION_LOSS = "validation loss";

    private final Block model;
    private final Optimizer optimizer;
    private final Function<? super B, Tensor> loss;
    private final Map<String, DoubleSupplier> tracked = new LinkedHashMap<>();
    private final List<Consumer<? super Epoch>> epochListeners = new ArrayList<>();
    private final List<Consumer<? super Tensor>> batchListeners = new ArrayList<>();
    private final List<Runnable> stepListeners = new ArrayList<>();

    private ToDoubleFunction<? super B> size;
    private @Nullable Schedule schedule;
    private double maxNorm = Double.POSITIVE_INFINITY;
    private int accumulated = 1;
    private String monitored = VALIDATION_LOSS;
    private Goal goal = Goal.MIN;
    private int patience = Integer.MAX_VALUE;
    private boolean restoresBest;

    private long steps;
    private int epochs;
    private volatile boolean stopped;

    /**
     * A trainer for batches of any kind.
     *
     * @param loss computes the mean loss of a batch's samples, by a forward pass of the model
     */
    public Trainer(Block model, Optimizer optimizer, Function<? super B, Tensor> loss) {
        this(model, optimizer, loss, batch -> 1);
    }

    private Trainer(
            Block model, Optimizer optimizer, Function<? super B, Tensor> loss, ToDoubleFunction<? super B> size) {
        this.model = model;
        this.optimizer = optimizer;
        this.loss = loss;
        this.size = size;
    }

    /** A trainer of a layer that predicts the targets of its inputs. */
    public static Trainer<Batch> of(Layer model, Optimizer optimizer, Loss loss) {
        return new Trainer<>(
                model,
                optimizer,
                batch -> loss.forward(model.forward(batch.x()), batch.y()),
                batch -> batch.x().shape().dim(0));
    }

    // ---- settings ----

    /** Sets how much a batch counts in the mean loss of an epoch, such as its number of samples; by default each counts as one. */
    @CanIgnoreReturnValue
    public Trainer<B> batchSize(ToDoubleFunction<? super B> size) {
        this.size = size;
        return this;
    }

    /** Sets the learning rate before each step to that of a schedule, whose step 0 is the first of all. */
    @CanIgnoreReturnValue
    public Trainer<B> schedule(Schedule rate) {
        schedule = rate;
        return this;
    }

    /**
     * Clips the norm of all gradients together before each step, {@link Clip#norm}; by default they stay as they are.
     *
     * @throws IllegalArgumentException if the norm is not positive
     */
    @CanIgnoreReturnValue
    public Trainer<B> clipNorm(double max) {
        requireThat(max > 0, "the norm to clip to must be positive, got " + max);
        maxNorm = max;
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
        requireThat(batches >= 1, "at least 1 batch must be accumulated, got " + batches);
        accumulated = batches;
        return this;
    }

    /** Tracks the mean loss of some batches, {@value #VALIDATION_LOSS}, after each epoch. */
    @CanIgnoreReturnValue
    public Trainer<B> validate(Iterable<? extends B> batches) {
        return track(VALIDATION_LOSS, () -> {
            double sum = 0;
            double samples = 0;
            for (B batch : batches) {
                double weight = size.applyAsDouble(batch);
                sum += weight * loss.apply(batch).item();
                samples += weight;
            }
            requireThat(samples > 0, "there are no batches to validate with");
            return sum / samples;
        });
    }

    /** Tracks a value, which is computed after each epoch with the model in evaluation mode and nothing recorded. */
    @CanIgnoreReturnValue
    public Trainer<B> track(String name, DoubleSupplier value) {
        requireThat(!name.equals("loss"), "'loss' is the training loss; name the value otherwise");
        tracked.put(name, value);
        return this;
    }

    /** Sets the tracked value that {@link #patience} and {@link #restoreBest} go by; by default the validation loss. */
    @CanIgnoreReturnValue
    public Trainer<B> monitor(String name, Goal goal) {
        this.monitored = name;
        this.goal = goal;
        return this;
    }

    /**
     * Stops early: after some epochs in which the monitored value did not get better than in the best epoch.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    @CanIgnoreReturnValue
    public Trainer<B> patience(int epochs) {
        requireThat(epochs >= 1, "the patience must be at least 1 epoch, got " + epochs);
        patience = epochs;
        return this;
    }

    /** Loads the weights of the epoch with the best monitored value into the model when the training is over. */
    @CanIgnoreReturnValue
    public Trainer<B> restoreBest() {
        restoresBest = true;
        return this;
    }

    /** Calls a function after each epoch; it may call {@link #stop}. */
    @CanIgnoreReturnValue
    public Trainer<B> onEpoch(Consumer<? super Epoch> listener) {
        epochListeners.add(listener);
        return this;
    }

    /** Calls a function with the loss of each batch, after its backward pass; to be read by {@code item()}. */
    @CanIgnoreReturnValue
    public Trainer<B> onBatch(Consumer<? super Tensor> listener) {
        batchListeners.add(listener);
        return this;
    }

    /** Calls a function after each step of the optimizer, such as {@code average::update}. */
    @CanIgnoreReturnValue
    public Trainer<B> onStep(Runnable listener) {
        stepListeners.add(listener);
        return this;
    }

    private static void requireThat(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalArgumentException("Trainer: " + problem);
        }
    }

    // ---- training ----

    /**
     * Trains for some epochs, in training mode, in which the model is left. Another call continues with the schedule's next step;
     * patience begins anew.
     *
     * @param batches gives the batches of an epoch in each iteration, as a data loader does
     * @return the values of these epochs
     * @throws IllegalArgumentException if there are no batches, epochs is negative, or what is monitored is not tracked
     */
    @CanIgnoreReturnValue
    public History fit(Iterable<? extends B> batches, int epochs) {
        requireThat(epochs >= 0, "the number of epochs must not be negative, got " + epochs);
        boolean monitors = restoresBest || patience < Integer.MAX_VALUE;
        requireThat(
                !monitors || tracked.containsKey(monitored),
                "'" + monitored + "' is monitored, but not tracked; call validate(batches) or track(name, value)");
        History history = new History();
        double best = Double.NaN;
        int sinceBest = 0;
        Map<String, NdArray> bestState = Map.of();
        stopped = false;
        for (int k = 0; k < epochs && !stopped; k++) {
            Epoch epoch = epoch(batches);
            epoch.values().forEach(history::add);
            if (monitors) {
                double value = epoch.values().getOrDefault(monitored, Double.NaN);
                if (k == 0 || goal.isBetter(value, best)) {
                    best = value;
                    sinceBest = 0;
                    bestState = restoresBest ? model.state() : bestState;
                } else {
                    stopped |= ++sinceBest >= patience;
                }
            }
            epochListeners.forEach(listener -> listener.accept(epoch));
        }
        if (!bestState.isEmpty()) {
            model.load(bestState);
        }
        return history;
    }

    /** Ends the training after the epoch under way; for listeners. */
    public void stop() {
        stopped = true;
    }

    /** The number of optimizer steps made so far. */
    public long steps() {
        return steps;
    }

    /**
     * Sets the number of steps and epochs made before, for a training that is continued from saved states.
     *
     * @throws IllegalArgumentException if one is negative
     */
    @CanIgnoreReturnValue
    public Trainer<B> continueFrom(long steps, int epochs) {
        requireThat(
                steps >= 0 && epochs >= 0, "steps and epochs must not be negative, got " + steps + " and " + epochs);
        this.steps = steps;
        this.epochs = epochs;
        return this;
    }

    private Epoch epoch(Iterable<? extends B> batches) {
        model.train();
        double sum = 0;
        double samples = 0;
        int pending = 0;
        double pendingSize = 0;
        optimizer.zeroGrad();
        for (B batch : batches) {
            Tensor value = loss.apply(batch);
            requireThat(
                    value.shape().size() == 1,
                    "the loss of a batch must be one number, but is " + value.shape() + "; reduce it with mean()");
            double weight = size.applyAsDouble(batch);
            (accumulated == 1 ? value : value.mul(weight)).backward();
            batchListeners.forEach(listener -> listener.accept(value));
            sum += weight * value.item();
            samples += weight;
            pendingSize += weight;
            if (++pending == accumulated) {
                step(pendingSize);
                pending = 0;
                pendingSize = 0;
            }
        }
        requireThat(samples > 0, "there are no batches to train with");
        if (pending > 0) {
            step(pendingSize);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", sum / samples);
        model.eval();
        try {
            Autograd.runWithoutGrad(() -> tracked.forEach((name, of) -> values.put(name, of.getAsDouble())));
        } finally {
            model.train();
        }
        return new Epoch(++epochs, steps, values);
    }

    private void step(double size) {
        if (accumulated > 1) {
            optimizer.parameters().forEach(parameter -> {
                Tensor gradient = parameter.grad();
                if (gradient != null) {
                    parameter.setGrad(gradient.div(size));
                }
            });
        }
        if (maxNorm < Double.POSITIVE_INFINITY) {
            Clip.norm(optimizer.parameters(), maxNorm);
        }
        if (schedule != null) {
            optimizer.learningRate(schedule.at(steps));
        }
        optimizer.step();
        steps++;
        optimizer.zeroGrad();
        stepListeners.forEach(Runnable::run);
    }
}
