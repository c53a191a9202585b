package io.adjoint.nn.train;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.RandomStreams;
import io.adjoint.nn.Block;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Modes;
import io.adjoint.nn.Registration;
import io.adjoint.nn.Settings;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Collate;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.metric.Metrics;
import io.adjoint.nn.parallel.Collective;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Computes the loss and metrics of a model over data, in one pass, in evaluation mode and without recording. Afterwards it restores the
 * modes of all blocks. A {@link Trainer} has one; in your own loop, make one.
 *
 * <pre>{@code
 * ConfusionMatrix confusion = new ConfusionMatrix(10);
 * Evaluation result = Evaluator.of(model, new CrossEntropy()).evaluate(test, new Accuracy(), confusion);
 * System.out.println(result + "\n" + confusion);
 * }</pre>
 *
 * <p>The first batch shows whether the model has registered the blocks that it runs. If a block that has parameters or buffers, or computes
 * differently in training, runs within the model without being its child, an {@link IllegalStateException} is thrown.
 *
 * <p>A setting returns a changed copy.
 *
 * @param <B> a batch
 */
@CheckReturnValue
public final class Evaluator<B> {
    private static final String NO_PREDICTION =
            "the function of a batch gives no prediction; let it return new Outcome(loss, prediction, target)";

    /** The key that makes the random streams of evaluations differ from the streams of training steps. */
    private static final long EVALUATION = -1;

    private final Block model;
    private final Function<? super B, Outcome> outcome;
    /** Computes the weight of a batch; null if all batches have the same weight. */
    private final @Nullable ToDoubleFunction<? super B> size;

    /** The workers that share the batches of an evaluation; null without workers, where random numbers come from the model's generators. */
    private final @Nullable Collective workers;
    /** True once a batch has been checked for unregistered blocks. */
    private volatile boolean isRegistered;

    private Evaluator(
            Block model,
            Function<? super B, Outcome> outcome,
            @Nullable ToDoubleFunction<? super B> size,
            @Nullable Collective workers) {
        this.model = model;
        this.outcome = outcome;
        this.size = size;
        this.workers = workers;
    }

    /**
     * An evaluator of a layer that predicts the targets of its inputs; batches weigh by their number of samples.
     *
     * @throws IllegalArgumentException if the loss has {@link io.adjoint.nn.loss.Reduction#NONE}
     */
    public static Evaluator<Batch> of(Layer model, Loss loss) {
        Outcome.requireReduced(loss.reduction());
        return new Evaluator<>(
                model,
                batch -> Outcome.of(loss, model.forward(batch.x()), batch.y()),
                batch -> batch.x().shape().dim(0),
                null);
    }

    /**
     * An evaluator of batches of any type. All batches weigh the same, unless {@link #batchSize} is set.
     *
     * @param outcome computes the loss of a batch, and the prediction and target for metrics, by a forward pass of the model
     */
    public static <B> Evaluator<B> of(Block model, Function<? super B, Outcome> outcome) {
        return new Evaluator<>(model, outcome, null, null);
    }

    /** A copy with another weight of a batch in the means, usually its number of samples; a batch of weight 0 is passed over. */
    public Evaluator<B> batchSize(ToDoubleFunction<? super B> size) {
        return new Evaluator<>(model, outcome, size, workers);
    }

    /**
     * A copy that evaluates together with other workers, which have equal models and the same batches, and call the same methods: each
     * batch is computed by one worker, and all have the same results. Each {@link io.adjoint.core.Generator} gives numbers of a stream of
     * its own for each batch, and stays as it is.
     */
    public Evaluator<B> parallel(Collective workers) {
        return new Evaluator<>(model, outcome, size, workers);
    }

    /**
     * Evaluates the model. Metrics begin anew, and have the counts of this pass afterwards.
     *
     * @param metrics are named by their classes: {@code Accuracy}, {@code F1}; {@link Metrics} have names that you choose
     * @throws IllegalArgumentException if there are no batches, there are metrics but no predictions, or a number of an outcome has the
     *     name of a metric
     */
    public Evaluation evaluate(Iterable<? extends B> batches, Metric... metrics) {
        return evaluate(batches, Metrics.of(metrics));
    }

    /**
     * Evaluates the model. Metrics begin anew, and have the counts of this pass afterwards.
     *
     * @throws IllegalArgumentException if there are no batches, there are metrics but no predictions, or a number of an outcome has the
     *     name of a metric
     */
    public Evaluation evaluate(Iterable<? extends B> batches, Metrics metrics) {
        return evaluating(model, () -> {
            metrics.reset();
            Means means = new Means();
            each(batches, !metrics.names().isEmpty(), (result, weight) -> {
                result.requireOwnNames(metrics.names());
                means.add(result, weight);
                update(metrics, result);
            });
            if (means.samples == 0) {
                throw new IllegalArgumentException("Evaluator: there are no batches to evaluate");
            }
            Map<String, Double> values = new LinkedHashMap<>(means.values());
            values.putAll(metrics.values());
            return new Evaluation(values, means.samples);
        });
    }

    /**
     * The predictions of all batches, joined along their first axis; a batch of weight 0 has none.
     *
     * @throws IllegalArgumentException if there are no batches, or no predictions in their outcomes
     */
    public Tensor predict(Iterable<? extends B> batches) {
        return evaluating(model, () -> {
            List<Tensor> all = new ArrayList<>();
            each(batches, true, (result, weight) -> {
                Tensor prediction = result.prediction();
                if (prediction == null) {
                    throw new IllegalArgumentException("Evaluator.predict: " + NO_PREDICTION);
                }
                all.add(prediction);
            });
            if (all.isEmpty()) {
                throw new IllegalArgumentException("Evaluator.predict: there are no batches");
            }
            return Tensor.concat(0, all.toArray(Tensor[]::new));
        });
    }

    /** Updates metrics by the prediction and target of an outcome. */
    static void update(Metrics metrics, Outcome outcome) {
        if (metrics.names().isEmpty()) {
            return;
        }
        Tensor prediction = outcome.prediction();
        Tensor target = outcome.target();
        if (prediction == null || target == null) {
            throw new IllegalArgumentException("there are metrics " + metrics.names() + ", but " + NO_PREDICTION);
        }
        metrics.update(prediction.detach(), target);
    }

    /**
     * Passes the outcome and the weight of each batch to a consumer, and ends the iteration, also after an exception. Each of several
     * workers computes one batch at a time.
     *
     * @param predicts whether the predictions and targets of other workers are needed
     */
    private void each(Iterable<? extends B> batches, boolean predicts, ObjDoubleConsumer<Outcome> consumer) {
        Iterator<? extends B> rest = batches.iterator();
        int most = workers == null ? 1 : workers.size();
        long done = 0;
        try {
            List<B> group = new ArrayList<>();
            List<Double> weights = new ArrayList<>();
            while (rest.hasNext()) {
                B batch = rest.next();
                double weight = sizeOf(Evaluator.class, batch);
                if (weight > 0) {
                    group.add(batch);
                    weights.add(weight);
                }
                if (group.size() == most || !rest.hasNext()) {
                    List<Outcome> outcomes = outcomes(group, done, predicts);
                    for (int k = 0; k < group.size(); k++) {
                        consumer.accept(outcomes.get(k), weights.get(k));
                    }
                    done += group.size();
                    group.clear();
                    weights.clear();
                }
            }
        } finally {
            CurrentEpoch.end(rest);
        }
    }

    /**
     * The outcomes of a group with at most one batch for each worker.
     *
     * @param first the number of the first batch
     */
    private List<Outcome> outcomes(List<? extends B> group, long first, boolean predicts) {
        if (workers == null || group.isEmpty()) {
            return group.stream().map(this::of).toList();
        }
        int own = workers.rank();
        List<Outcome> outcomes = own >= group.size()
                ? List.of()
                : List.of(RandomStreams.within(RandomStreams.key(EVALUATION, first + own), () -> of(group.get(own))));
        if (workers.size() == 1) {
            return outcomes;
        }
        List<Outcome> all = Outcomes.exchange(workers, outcomes, predicts);
        Decisions.requireSameCall(all.size() == group.size());
        return all;
    }

    /**
     * Runs a function with a model in evaluation mode and without recording, then puts the model's modes back, also after an exception:
     * {@code Tensor scores = Evaluator.evaluating(model, () -> model.forward(x))}.
     *
     * @return the function's result
     */
    public static <T> T evaluating(Block model, Supplier<T> function) {
        Runnable modes = Modes.kept(model);
        model.eval();
        try {
            return Autograd.noGrad(function);
        } finally {
            modes.run();
        }
    }

    Block model() {
        return model;
    }

    /**
     * The outcome of a batch.
     *
     * @throws IllegalStateException if the model runs a block that it hasn't registered; only the first batch is checked
     */
    Outcome of(B batch) {
        if (isRegistered) {
            return outcome.apply(batch);
        }
        Outcome first = Registration.required(model, () -> outcome.apply(batch));
        isRegistered = true;
        return first;
    }

    /** The weight of a shard of a batch: computed as for a batch, or its number of rows if all batches have the same weight. */
    double sizeOfPart(B part) {
        return size == null ? Collate.rows(part) : size.applyAsDouble(part);
    }

    /** The weight of a batch, after checking it; messages name the class {@code asked}. */
    double sizeOf(Class<?> asked, B batch) {
        double samples = size == null ? 1 : size.applyAsDouble(batch);
        Settings.require(
                samples >= 0 && samples < Double.POSITIVE_INFINITY,
                asked,
                "size of a batch",
                "be finite and at least 0",
                samples);
        return samples;
    }
}
