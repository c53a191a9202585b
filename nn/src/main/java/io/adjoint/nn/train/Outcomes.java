package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.parallel.Collective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Exchanges the {@link Outcome}s of workers, so that each worker gets all outcomes in the order of the ranks. */
final class Outcomes {
    private static final List<DType> DTYPES = List.of(DType.values());
    private static final List<Reduction> REDUCTIONS = List.of(Reduction.values());

    private Outcomes() {}

    /**
     * Exchanges the outcomes of all workers, without predictions and targets.
     *
     * @param own the outcomes of this worker; may be empty
     */
    static List<Outcome> exchange(Collective workers, List<Outcome> own) {
        List<Double> sent = new ArrayList<>();
        for (Outcome outcome : own) {
            sent.add((double) outcome.numbers().size());
            sent.add((double) REDUCTIONS.indexOf(outcome.reduction()));
            add(sent, outcome.loss());
            outcome.numbers().forEach((name, number) -> {
                sent.add((double) name.length());
                name.chars().forEach(character -> sent.add((double) character));
                add(sent, number);
            });
        }
        double[] numbers = sent.stream().mapToDouble(x -> x).toArray();
        List<Outcome> outcomes = new ArrayList<>();
        for (double[] received : Decisions.exchange(workers, Decisions.OUTCOMES, numbers)) {
            PrimitiveIterator.OfDouble rest = Arrays.stream(received).iterator();
            while (rest.hasNext()) {
                outcomes.add(read(rest));
            }
        }
        return outcomes;
    }

    /**
     * Exchanges the outcomes of all workers, at most one for each worker.
     *
     * @param own the outcome of this worker; there may be none
     * @param predicts whether predictions and targets are exchanged, too
     */
    static List<Outcome> exchange(Collective workers, List<Outcome> own, boolean predicts) {
        List<Outcome> all = exchange(workers, own);
        if (!predicts) {
            return all;
        }
        Outcome mine = own.isEmpty() ? null : own.get(0);
        List<@Nullable Tensor> predictions = gather(workers, mine == null ? null : mine.prediction());
        List<@Nullable Tensor> targets = gather(workers, mine == null ? null : mine.target());
        List<Outcome> complete = new ArrayList<>();
        // Only workers of the highest ranks may have no outcome, so the index in the list is the rank.
        for (int r = 0; r < all.size(); r++) {
            Outcome outcome = all.get(r);
            complete.add(new Outcome(
                    outcome.loss(), predictions.get(r), targets.get(r), outcome.numbers(), outcome.reduction()));
        }
        return complete;
    }

    /** Appends a scalar as two numbers: the index of its dtype and its value. */
    private static void add(List<Double> numbers, Tensor number) {
        numbers.add((double) DTYPES.indexOf(number.dtype()));
        numbers.add(number.item());
    }

    private static Outcome read(PrimitiveIterator.OfDouble numbers) {
        int count = (int) numbers.nextDouble();
        Reduction reduction = REDUCTIONS.get((int) numbers.nextDouble());
        Tensor loss = number(numbers);
        Map<String, Tensor> others = new LinkedHashMap<>();
        for (int p = 0; p < count; p++) {
            StringBuilder name = new StringBuilder();
            for (int left = (int) numbers.nextDouble(); left > 0; left--) {
                name.append((char) numbers.nextDouble());
            }
            others.put(name.toString(), number(numbers));
        }
        return new Outcome(loss, null, null, others, reduction);
    }

    private static Tensor number(PrimitiveIterator.OfDouble numbers) {
        DType dtype = DTYPES.get((int) numbers.nextDouble());
        return Tensor.of(NdArray.scalar(dtype, numbers.nextDouble()));
    }

    /** Gathers one tensor of each worker, such as its prediction, by rank; null for a worker without one. */
    static List<@Nullable Tensor> gather(Collective workers, @Nullable Tensor own) {
        // A tensor is sent with an extra first axis of size 1; a worker without a tensor sends an array of shape [0].
        NdArray sent = own == null
                ? NdArray.zeros(DType.BOOL, Shape.of(0))
                : own.data().unsqueeze(0);
        List<@Nullable Tensor> all = new ArrayList<>();
        for (NdArray array : workers.allGather(sent)) {
            all.add(array.shape().dim(0) == 0 ? null : Tensor.of(array.squeeze(0)));
        }
        return all;
    }

    /** The tensors that are not null, concatenated along their first axis; null if all tensors are null. */
    static @Nullable Tensor joined(List<? extends @Nullable Tensor> tensors) {
        Tensor[] some = tensors.stream().filter(Objects::nonNull).toArray(Tensor[]::new);
        return some.length == 0 ? null : some.length == 1 ? some[0] : Tensor.concat(0, some);
    }

    /**
     * The outcome of a batch from the outcomes of its shards: the loss and the numbers in {@link Outcome#numbers} are weighted means over
     * the shards, or sums over them.
     *
     * @param weights the weights of the shards, whose sum is 1
     */
    static Outcome mean(
            List<Outcome> outcomes, double[] weights, @Nullable Tensor prediction, @Nullable Tensor target) {
        Decisions.requireSameCall(outcomes.size() == weights.length);
        Outcome first = outcomes.get(0);
        for (Outcome outcome : outcomes) {
            if (outcome.reduction() != first.reduction()) {
                throw new IllegalArgumentException("DataParallel: the loss of one shard is a " + first.reduction()
                        + ", that of another a " + outcome.reduction() + "; all have the same reduction");
            }
            if (!outcome.numbers().keySet().equals(first.numbers().keySet())) {
                throw new IllegalArgumentException("DataParallel: the outcome of one shard has the numbers "
                        + first.numbers().keySet() + ", that of another "
                        + outcome.numbers().keySet() + "; all have the same");
            }
        }
        Map<String, Tensor> numbers = new LinkedHashMap<>();
        for (String name : first.numbers().keySet()) {
            numbers.put(
                    name,
                    mean(
                            outcomes,
                            weights,
                            outcome -> Objects.requireNonNull(outcome.numbers().get(name))));
        }
        return new Outcome(mean(outcomes, weights, Outcome::loss), prediction, target, numbers, first.reduction());
    }

    private static Tensor mean(List<Outcome> outcomes, double[] weights, Function<Outcome, Tensor> number) {
        double sum = 0;
        for (int k = 0; k < weights.length; k++) {
            sum += outcomes.get(k).factor(weights[k])
                    * number.apply(outcomes.get(k)).item();
        }
        return Tensor.of(NdArray.scalar(number.apply(outcomes.get(0)).dtype(), sum));
    }
}
