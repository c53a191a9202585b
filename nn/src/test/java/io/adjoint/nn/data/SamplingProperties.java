package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Stratified batches, balanced samples, splits by counts, and concatenations. */
class SamplingProperties {
    private static List<Integer> samples(Dataset<Integer> dataset) {
        return IntStream.range(0, dataset.size()).mapToObj(dataset::get).toList();
    }

    @Property
    void stratifiedBatchesHaveEachClassInItsShare(
            @ForAll @IntRange(min = 1, max = 200) int size,
            @ForAll @IntRange(min = 1, max = 4) int classes,
            @ForAll @IntRange(min = 1, max = 40) int batchSize,
            @ForAll Random rng) {
        int[] label = rng.ints(size, 0, classes).map(c -> c * c).toArray();
        int[] order = Tensor.permutation(size, rng).data().toIntArray();

        List<int[]> batches = BatchSampler.stratified(k -> label[k]).batches(order.clone(), batchSize, rng);

        int[] flat = batches.stream().flatMapToInt(Arrays::stream).toArray();
        assertThat(flat).containsExactlyInAnyOrder(order);
        assertThat(batches).hasSize(BatchSampler.stratified(k -> label[k]).size(size, batchSize));
        assertThat(batches.subList(0, batches.size() - 1)).allMatch(batch -> batch.length == batchSize);
        for (int c : IntStream.of(label).distinct().toArray()) {
            assertThat(IntStream.of(flat).filter(k -> label[k] == c).toArray())
                    .as("the sampler's order within a class")
                    .containsExactly(
                            IntStream.of(order).filter(k -> label[k] == c).toArray());
            double share = IntStream.of(label).filter(l -> l == c).count() / (double) size;
            int different = (int) IntStream.of(label).distinct().count();
            int seen = 0;
            int here = 0;
            for (int[] batch : batches) {
                seen += batch.length;
                here += (int) IntStream.of(batch).filter(k -> label[k] == c).count();
                // A class is less than one sample away from even spacing; the deviations of the other classes move the
                // end of the batch.
                assertThat(Math.abs(here - share * seen)).isLessThan(1 - share + share * (different - 1) + 1e-9);
            }
        }
    }

    @Example
    void rareClassesAreNotAlwaysInTheSameBatch() {
        int[] label = IntStream.range(0, 100).map(k -> k < 95 ? 0 : k).toArray();
        int[] rare = new int[10];
        for (int seed = 0; seed < 200; seed++) {
            List<int[]> batches = BatchSampler.stratified(k -> label[k])
                    .batches(IntStream.range(0, 100).toArray(), 10, new Generator(seed));
            for (int batch = 0; batch < 10; batch++) {
                rare[batch] += (int)
                        IntStream.of(batches.get(batch)).filter(k -> k >= 95).count();
            }
        }

        // 100 are expected, with a standard deviation of 9.5
        assertThat(IntStream.of(rare).boxed()).allMatch(count -> count > 60 && count < 140);
    }

    @Example
    void balancedSamplesHaveEachClassEquallyOften() {
        int[] labels =
                IntStream.range(0, 100).map(k -> k < 90 ? 7 : k < 98 ? -1 : 2).toArray();
        Sampler sampler = Sampler.balanced(labels, 9000);
        int[] counts = new int[9];
        for (int index : sampler.order(new Generator(1))) {
            counts[labels[index] + 1]++;
        }

        assertThat(sampler.size()).isEqualTo(9000);
        assertThat(sampler.population()).hasValue(100);
        assertThat(List.of(counts[0], counts[3], counts[8])).allMatch(count -> count > 2800 && count < 3200);
        refused(() -> Sampler.balanced(new int[0], 1));
        refused(() -> Sampler.balanced(labels, -1));
    }

    @Property
    void aSplitByCountsIsThatOfItsFractions(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 20) Integer> sizes, @ForAll long seed) {
        int[] counts = sizes.stream().mapToInt(size -> size).toArray();
        int all = IntStream.of(counts).sum();
        Dataset<Integer> dataset = Dataset.of(all, k -> k);
        List<Dataset<Integer>> parts = dataset.splitCounts(new Generator(seed), counts);

        assertThat(parts.stream().map(Dataset::size)).containsExactlyElementsOf(sizes);
        List<Integer> together = new ArrayList<>();
        parts.forEach(part -> together.addAll(samples(part)));
        assertThat(together).containsExactlyInAnyOrderElementsOf(samples(dataset));
        if (all > 0) {
            double[] fractions =
                    IntStream.of(counts).mapToDouble(c -> (double) c / all).toArray();
            assertThat(parts.stream().map(SamplingProperties::samples))
                    .containsExactlyElementsOf(dataset.split(new Generator(seed), fractions).stream()
                            .map(SamplingProperties::samples)
                            .toList());
        }
    }

    @Example
    void countsThatAreNotThoseOfTheDataSetAreRefused() {
        Dataset<Integer> dataset = Dataset.of(10, k -> k);
        for (int[] counts : new int[][] {{8, 1}, {8, 3}, {-1, 11}, {}, {Integer.MAX_VALUE, Integer.MAX_VALUE, 12}}) {
            refused(() -> dataset.splitCounts(new Generator(1), counts))
                    .withMessage(
                            "Dataset.splitCounts: the numbers of samples must be from 0 on and add up to the 10 of the"
                                    + " data set, got " + Arrays.toString(counts)
                                    + "; give the samples to leave out a subset, too");
        }
    }

    @Property
    void aConcatenationHasTheSamplesOfItsParts(@ForAll @Size(max = 6) List<@IntRange(max = 4) Integer> sizes) {
        List<Dataset<Integer>> parts = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        for (int part = 0; part < sizes.size(); part++) {
            int first = 10 * part;
            parts.add(Dataset.of(sizes.get(part), k -> first + k));
            expected.addAll(samples(parts.get(part)));
        }
        Dataset<Integer> all = Dataset.concat(parts);

        assertThat(samples(all)).isEqualTo(expected);
        assertThat(samples(all.subset(IntStream.range(0, all.size()).toArray())))
                .isEqualTo(expected);
        thrown(IndexOutOfBoundsException.class, () -> all.get(expected.size()));
        thrown(IndexOutOfBoundsException.class, () -> all.get(-1));
    }
}
