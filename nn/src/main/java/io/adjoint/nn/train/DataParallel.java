package io.adjoint.nn.train;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Lease;
import io.adjoint.core.RandomStreams;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.Block;
import io.adjoint.nn.Settings;
import io.adjoint.nn.data.Collate;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.parallel.Collective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Computes the gradients of a batch by several workers, each with its replica of the model. It is for your own loop; a {@link Trainer} has
 * {@link Trainer#parallel}.
 *
 * <pre>{@code
 * DataParallel<Batch> parallel = new DataParallel<>(model, optimizer, workers, 8);
 * for (Batch batch : loader) {                                  // all workers take the same batches
 *     optimizer.zeroGrad();
 *     Outcome outcome = parallel.backward(batch, part -> Outcome.of(loss, model.forward(part.x()), part.y()));
 *     optimizer.step();
 * }
 * }</pre>
 *
 * <p><b>The same bits for any number of workers.</b> A batch is split into a fixed number of shards V, for any number of workers W ≤ V. The
 * gradient of a shard of n of N samples is the gradient of its mean loss times n/N, or of its summed loss, and the gradients of the shards
 * are added in the order of a fixed binary tree, so 1, 2, 4 or 8 workers end with the same weights. While a shard is computed,
 * <ul>
 *   <li>each existing {@link io.adjoint.core.Generator} gives numbers from a separate stream for the step and the shard, as dropout needs,
 *       and keeps its own state; other random generators don't do so, and would make the bits depend on W;
 *   <li>fields of blocks other than buffers are not exchanged, and a forward pass that changes a parameter is refused;
 *   <li>a batch normalization computes its statistics from the shard, which needs more than one sample;
 *   <li>buffers begin with the values from before the step. Afterwards a buffer that some shard changed is the mean of the shards' buffers,
 *       weighted as the gradients are; a buffer of whole numbers or truth values comes from the first shard.
 * </ul>
 *
 * <p>For one thread at a time in each worker.
 *
 * @param <B> a batch
 */
public final class DataParallel<B> implements Stateful {
    private static final int MOST_SHARDS = 1 << 16;

    private final Block model;
    private final Optimizer optimizer;
    private final Collective workers;
    private final int shards;
    private BiFunction<? super B, Integer, ? extends List<? extends B>> split = Collate::split;
    private ToDoubleFunction<? super B> size = Collate::rows;
    private long streams;
    private long passes;
    /** True once a pass has checked that the states of all workers are equal. */
    private boolean areEqual;

    /** A shard of a batch, and its weight: the fraction of the batch's samples that it has. */
    private record Shard<B>(B batch, double weight) {}

    /**
     * Gradients of the parameters of a model, and of the optimizer's if it has further ones.
     *
     * @param model the replica of this worker
     * @param workers this worker's collective
     * @param shards the number of shards of each batch, at least the number of workers; the bits depend on it
     * @throws IllegalArgumentException if there are fewer shards than workers
     */
    public DataParallel(Block model, Optimizer optimizer, Collective workers, int shards) {
        this(DataParallel.class, model, optimizer, workers, shards);
    }

    /** Makes the object. {@code asked} is the class that the user called, which messages name. */
    DataParallel(Class<?> asked, Block model, Optimizer optimizer, Collective workers, int shards) {
        this.model = model;
        this.optimizer = optimizer;
        this.workers = workers;
        this.shards = Settings.requireCount(asked, "number of shards", shards);
        Settings.require(
                shards >= workers.size() && shards <= MOST_SHARDS,
                asked,
                "number of shards",
                "be from the number of workers, " + workers.size() + ", to " + MOST_SHARDS,
                shards);
    }

    /**
     * Sets the function that splits a batch; by default {@link Collate#split}. It gives at most as many parts as it is asked for, the same
     * on all workers.
     */
    @CanIgnoreReturnValue
    public DataParallel<B> splitBy(BiFunction<? super B, Integer, ? extends List<? extends B>> function) {
        split = function;
        return this;
    }

    /**
     * Sets the weight of a part of a batch, usually its number of samples; by default {@link Collate#rows}. A part of weight 0 is left
     * out; the others keep their shards, and so their workers.
     */
    @CanIgnoreReturnValue
    public DataParallel<B> batchSize(ToDoubleFunction<? super B> function) {
        size = function;
        return this;
    }

    /**
     * Sets a number that separates the random streams of these passes from the streams of another DataParallel with the same generators, as
     * where a generator and a discriminator take turns; 0 by default.
     */
    @CanIgnoreReturnValue
    public DataParallel<B> streams(long number) {
        streams = number;
        return this;
    }

    /**
     * Adds the gradients of the loss of a batch to the parameters' gradients, on all workers. If a shard fails, gradients and buffers of
     * this worker are as before; the others learn of it when this one closes its {@link Collective}, or by a time-out.
     *
     * @param batch the same on all workers
     * @param outcome computes the loss of a part of the batch by a forward pass of the model: the mean over the part's samples, or the sum
     *     if the {@link Outcome#reduction} says so
     * @return the outcome of the batch, the same on all workers: the mean of losses and numbers, or their sum, without predictions
     * @throws IllegalArgumentException if the batch has no samples or cannot be split
     * @throws IllegalStateException if workers begin with other parameters or states of the optimizer, or the forward pass changes a
     *     parameter
     * @throws io.adjoint.nn.parallel.CollectiveException if another worker fails
     */
    public Outcome backward(B batch, Function<? super B, Outcome> outcome) {
        return backward(batch, outcome, false);
    }

    /**
     * Adds the gradients of the loss of a batch as {@link #backward(Object, Function)} does, and gathers the predictions and targets of all
     * shards, in the order of the samples, for metrics.
     */
    public Outcome backwardWithPredictions(B batch, Function<? super B, Outcome> outcome) {
        return backward(batch, outcome, true);
    }

    private Outcome backward(B batch, Function<? super B, Outcome> outcome, boolean predicts) {
        if (!areEqual) {
            Map<String, Stateful> parts = new LinkedHashMap<>();
            parts.put("", model);
            parts.put("optimizer", optimizer);
            parts.put("DataParallel", this);
            decisions().requireEqual(parts);
            areEqual = true;
        }
        return backward(batch, outcome, 1, passes++, predicts);
    }

    /** The decisions of these workers, which have to have this number of shards. */
    Decisions decisions() {
        return new Decisions(workers, shards);
    }

    /**
     * Adds the gradients of a batch.
     *
     * @param factor the factor by which the gradients are multiplied
     * @param pass the number of the pass, from which its random streams are derived
     * @param predicts whether the outcome has the predictions and targets of all shards
     */
    Outcome backward(B batch, Function<? super B, Outcome> outcome, double factor, long pass, boolean predicts) {
        List<Shard<B>> parts = shards(batch);
        int first = 0;
        while (parts.get(first).weight() == 0) {
            first++;
        }
        ShardSums sums = new ShardSums(model, optimizer, workers, shards);
        List<Outcome> own = new ArrayList<>();
        try {
            for (int s = sums.first(); s < sums.end(); s++) {
                if (s >= parts.size() || parts.get(s).weight() == 0) {
                    sums.addNothing();
                    continue;
                }
                Shard<B> shard = parts.get(s);
                long key = RandomStreams.key(streams, pass, s);
                sums.begin();
                own.add(Lease.nested(() -> RandomStreams.within(key, () -> {
                    Outcome result = outcome.apply(shard.batch());
                    result.loss().mul(result.factor(shard.weight()) * factor).backward();
                    return result.kept();
                })));
                sums.add(shard.weight(), s == first);
            }
        } finally {
            sums.restore();
        }
        double[] weights = parts.stream()
                .mapToDouble(Shard::weight)
                .filter(weight -> weight > 0)
                .toArray();
        Outcome mean = Outcomes.mean(
                Outcomes.exchange(workers, own),
                weights,
                predicts ? all(own, Outcome::prediction) : null,
                predicts ? all(own, Outcome::target) : null);
        sums.assignTotals();
        return mean;
    }

    /**
     * One tensor of each outcome, such as the predictions, for all workers' shards, concatenated in the order of the samples; null if the
     * outcomes don't have it.
     */
    private @Nullable Tensor all(List<Outcome> own, Function<Outcome, @Nullable Tensor> part) {
        Tensor joined = Outcomes.joined(own.stream().map(part).toList());
        return Outcomes.joined(Outcomes.gather(workers, joined));
    }

    /** Splits a batch into shards, at least one of which has samples. */
    private List<Shard<B>> shards(B batch) {
        List<? extends B> parts;
        try {
            parts = split.apply(batch, shards);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("DataParallel: " + e.getMessage(), e);
        }
        if (parts.size() > shards) {
            throw new IllegalArgumentException("DataParallel: the batch was split into " + parts.size()
                    + " parts, but there are " + shards + " shards");
        }
        double[] sizes = parts.stream().mapToDouble(size).toArray();
        double all = 0;
        for (double each : sizes) {
            Settings.require(
                    each >= 0 && each < Double.POSITIVE_INFINITY,
                    DataParallel.class,
                    "size of a part of a batch",
                    "be finite and at least 0",
                    each);
            all += each;
        }
        if (all == 0) {
            throw new IllegalArgumentException("DataParallel: the batch has no samples");
        }
        List<Shard<B>> weighed = new ArrayList<>();
        for (int k = 0; k < sizes.length; k++) {
            weighed.add(new Shard<>(parts.get(k), sizes[k] / all));
        }
        return weighed;
    }

    /** Declares the number of passes, by which each has random streams of its own. */
    @Override
    public void declareState(StateFields fields) {
        fields.longCount("passes", passes, value -> passes = value);
    }
}
