package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.math.Distributions;
import io.adjoint.nn.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/** Cuts the order of an epoch into batches. */
public interface BatchSampler {
    /**
     * The batches of an epoch, each as the numbers of its samples; no batch is empty.
     *
     * @param order the numbers of the epoch's samples in the order that the loader's sampler drew; it may be changed
     * @param batchSize the loader's batch size
     * @param generator the loader's generator
     */
    List<int[]> batches(int[] order, int batchSize, RandomGenerator generator);

    /** The number of batches that {@link #batches} makes of an epoch; by default {@code samples / batchSize}, rounded up. */
    default int size(int samples, int batchSize) {
        return samples / batchSize + (samples % batchSize == 0 ? 0 : 1);
    }

    /** Batches one after the other; the last may be smaller. */
    static BatchSampler consecutive() {
        return (order, batchSize, generator) -> cut(order, batchSize);
    }

    /**
     * Batches of samples of similar length, so that little is padded: each {@code window} batches of the order are sorted by length,
     * cut, and come in a random order. The larger the window, the less is padded and the less is left to chance.
     *
     * @param length returns the length of the sample with a number
     * @param window a number of batches, such as 50
     * @throws IllegalArgumentException if the window is less than 1
     */
    static BatchSampler ofSimilarLength(IntUnaryOperator length, int window) {
        Settings.requireCount(BatchSampler.class, "window of batches", window);
        return (order, batchSize, generator) -> {
            int size = (int) Math.min(Integer.MAX_VALUE, (long) window * batchSize);
            List<int[]> all = new ArrayList<>();
            for (int[] samples : cut(order, size)) {
                int[] sorted = Arrays.stream(samples)
                        .boxed()
                        .sorted(Comparator.comparingInt(length::applyAsInt))
                        .mapToInt(index -> index)
                        .toArray();
                List<int[]> batches = cut(sorted, batchSize);
                int[] turns =
                        Tensor.permutation(batches.size(), generator).data().toIntArray();
                Arrays.stream(turns).forEach(turn -> all.add(batches.get(turn)));
            }
            return all;
        };
    }

    /**
     * Batches in which each class has about the share that it has in the epoch. The samples of a class keep the order that the loader's
     * sampler drew; the one of number k of m lies at {@code (k + u) / m} of the epoch, with a u from [0, 1) that is drawn for the class:
     * a systematic sample.
     *
     * @param label returns the class of the sample with a number
     */
    static BatchSampler stratified(IntUnaryOperator label) {
        return (order, batchSize, generator) -> {
            Map<Integer, List<Integer>> classes = new LinkedHashMap<>();
            for (int index : order) {
                classes.computeIfAbsent(label.applyAsInt(index), c -> new ArrayList<>())
                        .add(index);
            }
            record Placed(int index, double at) {}
            List<Placed> placed = new ArrayList<>();
            classes.forEach((c, members) -> {
                double start = Distributions.uniform(generator);
                for (int k = 0; k < members.size(); k++) {
                    placed.add(new Placed(members.get(k), (k + start) / members.size()));
                }
            });
            placed.sort(Comparator.comparingDouble(Placed::at));
            return cut(placed.stream().mapToInt(Placed::index).toArray(), batchSize);
        };
    }

    private static List<int[]> cut(int[] order, int size) {
        List<int[]> parts = new ArrayList<>();
        for (int from = 0; from < order.length; from += Math.min(size, order.length - from)) {
            parts.add(Arrays.copyOfRange(order, from, from + Math.min(size, order.length - from)));
        }
        return parts;
    }
}
