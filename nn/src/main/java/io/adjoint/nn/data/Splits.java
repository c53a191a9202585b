package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Splits data sets into subsets; a subset is represented by the sorted numbers of its samples. */
final class Splits {
    private static final double TOLERANCE = 1e-9;

    private Splits() {}

    static <S> List<Dataset<S>> of(Dataset<S> dataset, List<int[]> subsets) {
        return subsets.stream().map(dataset::subset).toList();
    }

    static <S> List<Split<S>> folds(Dataset<S> dataset, List<int[]> subsets) {
        return subsets.stream()
                .map(test -> {
                    boolean[] held = new boolean[dataset.size()];
                    for (int index : test) {
                        held[index] = true;
                    }
                    int[] train = IntStream.range(0, held.length)
                            .filter(index -> !held[index])
                            .toArray();
                    return new Split<>(dataset.subset(train), dataset.subset(test));
                })
                .toList();
    }

    /** The sizes of subsets, in samples, from their fractions of all samples. */
    static int[] counts(int samples, double... fractions) {
        requireFractions("split", fractions);
        int[] sizes = new int[fractions.length];
        int left = samples;
        for (int subset = 0; subset < sizes.length; subset++) {
            sizes[subset] = floor(samples, fractions[subset]);
            left -= sizes[subset];
        }
        for (int subset = 0; left > 0; subset = (subset + 1) % sizes.length, left--) {
            sizes[subset]++;
        }
        return sizes;
    }

    /** Returns the sizes of subsets, after checking that they add up to the number of samples. */
    static int[] requireCounts(int samples, int... counts) {
        if (Arrays.stream(counts).anyMatch(count -> count < 0)
                || Arrays.stream(counts).asLongStream().sum() != samples) {
            throw new IllegalArgumentException(
                    "Dataset.splitCounts: the numbers of samples must be from 0 on and add up to"
                            + " the " + samples + " of the data set, got " + Arrays.toString(counts)
                            + "; give the samples to leave out a subset, too");
        }
        return counts;
    }

    /** The numbers of the samples in subsets of the given sizes, which follow one another. */
    static List<int[]> inOrder(int... sizes) {
        List<int[]> subsets = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            subsets.add(IntStream.range(from, from + size).toArray());
            from += size;
        }
        return subsets;
    }

    /** The sorted numbers of the samples in subsets of the given sizes, which are drawn at random. */
    static List<int[]> random(int samples, RandomGenerator generator, int... sizes) {
        int[] order = Tensor.permutation(samples, generator).data().toIntArray();
        List<int[]> subsets = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            subsets.add(sorted(Arrays.stream(order, from, from + size)));
            from += size;
        }
        return subsets;
    }

    /**
     * Splits class by class: each subset gets its fraction of the class, rounded down; each remaining sample goes to another subset, first
     * to the one that lacks most samples of its fraction so far. The classes are taken in random order, since their order decides which
     * subset gets a remaining sample; in a fixed order, the only sample of a class would be in the same subset for every seed.
     */
    static List<int[]> stratified(List<List<Integer>> classes, RandomGenerator generator, double... fractions) {
        requireFractions("stratifiedSplit", fractions);
        List<List<Integer>> subsets = Arrays.stream(fractions)
                .<List<Integer>>mapToObj(f -> new ArrayList<>())
                .toList();
        double[] wanting = new double[fractions.length];
        for (int index : Tensor.permutation(classes.size(), generator).data().toIntArray()) {
            List<Integer> members = classes.get(index);
            int[] order = Tensor.permutation(members.size(), generator).data().toIntArray();
            int next = 0;
            for (int subset = 0; subset < fractions.length; subset++) {
                int size = floor(members.size(), fractions[subset]);
                wanting[subset] += members.size() * fractions[subset] - size;
                for (int last = next + size; next < last; next++) {
                    subsets.get(subset).add(members.get(order[next]));
                }
            }
            boolean[] served = new boolean[fractions.length];
            for (; next < order.length; next++) {
                int subset = neediest(wanting, served, fractions);
                served[subset] = true;
                wanting[subset]--;
                subsets.get(subset).add(members.get(order[next]));
            }
        }
        return subsets.stream()
                .map(subset -> sorted(subset.stream().mapToInt(index -> index)))
                .toList();
    }

    private static int neediest(double[] wanting, boolean[] served, double[] fractions) {
        int best = -1;
        for (int subset = 0; subset < wanting.length; subset++) {
            if (!served[subset] && fractions[subset] > 0 && (best < 0 || wanting[subset] > wanting[best] + TOLERANCE)) {
                best = subset;
            }
        }
        return best;
    }

    private static int[] sorted(IntStream indices) {
        return indices.sorted().toArray();
    }

    /**
     * The numbers of the samples of each class, in the order in which the classes first occur in the data set.
     *
     * @throws IllegalArgumentException if a label can't be compared by equals, or all labels differ
     */
    static <S> List<List<Integer>> classes(String op, Dataset<S> dataset, Function<? super S, ?> label) {
        Map<Object, List<Integer>> byClass = IntStream.range(0, dataset.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        index -> requireEquals(op, label.apply(dataset.get(index))),
                        LinkedHashMap::new,
                        Collectors.toList()));
        if (dataset.size() > 1 && byClass.size() == dataset.size()) {
            throw new IllegalArgumentException("Dataset." + op + ": each of the " + dataset.size()
                    + " samples has a label of its own, such as "
                    + byClass.keySet().iterator().next()
                    + ", so there are no classes to keep in proportion; return equal labels for samples of one class, or call "
                    + (op.equals("stratifiedSplit") ? "split" : "folds"));
        }
        return List.copyOf(byClass.values());
    }

    private static Object requireEquals(String op, @Nullable Object label) {
        if (label == null) {
            throw new IllegalArgumentException("Dataset." + op + ": the label of a sample is null");
        }
        boolean isTensor = label instanceof Tensor;
        if (isTensor || label.getClass().isArray()) {
            throw new IllegalArgumentException(
                    "Dataset." + op + ": the label of a sample must equal those of its class, but a "
                            + label.getClass().getSimpleName() + " equals itself alone; return "
                            + (isTensor ? "its number, as by sample.y().item()" : "a number, text or list"));
        }
        return label;
    }

    static double[] equal(String op, int k, int samples) {
        if (k < 2 || k > samples) {
            throw new IllegalArgumentException("Dataset." + op
                    + ": expected 2 folds or more, and at most one for each of the " + samples + " samples, got " + k);
        }
        double[] fractions = new double[k];
        Arrays.fill(fractions, 1.0 / k);
        return fractions;
    }

    private static int floor(int samples, double fraction) {
        // The tolerance makes up for rounding: in floating point 0.29 * 100, for example, is a little less than 29.
        return (int) Math.floor(samples * fraction + TOLERANCE);
    }

    private static void requireFractions(String op, double... fractions) {
        double sum = 0;
        for (double fraction : fractions) {
            sum += fraction >= 0 ? fraction : Double.NaN;
        }
        if (!(Math.abs(sum - 1) < TOLERANCE)) {
            throw new IllegalArgumentException("Dataset." + op
                    + ": the fractions must be numbers from 0 on that add up to 1, got " + Arrays.toString(fractions));
        }
    }
}
