package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DataLoaderProperties {
    /** The data set whose sample k is the vector (k, −k) with target k. */
    private static Dataset<Batch> numbered(int samples) {
        Tensor numbers = Tensor.of(NdArray.arange(DType.FLOAT64, samples));
        return Dataset.of(Tensor.stack(1, numbers, numbers.neg()), numbers.to(DType.INT32));
    }

    /** The targets of an epoch in order; checks that each batch has the inputs that belong to its targets. */
    private static List<Integer> epoch(DataLoader<Batch> loader) {
        List<Integer> targets = new ArrayList<>();
        for (Batch batch : loader) {
            Tensor y = batch.y().to(DType.FLOAT64);
            assertThat(batch.x().data()).isEqualTo(Tensor.stack(1, y, y.neg()).data());
            for (int target : batch.y().data().toIntArray()) {
                targets.add(target);
            }
        }
        return targets;
    }

    private static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    @Property
    void withoutShufflingSamplesComeInOrder(
            @ForAll @IntRange(max = 50) int samples, @ForAll @IntRange(min = 1, max = 60) int batchSize) {
        assertThat(epoch(new DataLoader<>(numbered(samples), batchSize))).isEqualTo(upTo(samples));
    }

    @Property
    void everySampleComesOnceInEachShuffledEpoch(
            @ForAll @IntRange(max = 50) int samples,
            @ForAll @IntRange(min = 1, max = 60) int batchSize,
            @ForAll Random rng) {
        DataLoader<Batch> loader = new DataLoader<>(numbered(samples), batchSize).shuffle(rng);

        assertThat(epoch(loader)).hasSameElementsAs(upTo(samples)).hasSize(samples);
        assertThat(epoch(loader)).hasSameElementsAs(upTo(samples)).hasSize(samples);
    }

    @Property
    void batchesAreFullButTheLastWhichCanBeDropped(
            @ForAll @IntRange(max = 50) int samples,
            @ForAll @IntRange(min = 1, max = 60) int batchSize,
            @ForAll boolean dropLast) {
        DataLoader<Batch> loader = new DataLoader<>(numbered(samples), batchSize).dropLast(dropLast);
        List<Integer> sizes = new ArrayList<>();
        loader.forEach(batch -> sizes.add(batch.x().shape().dim(0)));

        List<Integer> expected = new ArrayList<>();
        for (int left = samples; left > 0; left -= batchSize) {
            if (left >= batchSize || !dropLast) {
                expected.add(Math.min(left, batchSize));
            }
        }
        assertThat(sizes).isEqualTo(expected).hasSize(loader.size());
    }

    @Property
    void anAugmentationDependsOnTheSamplesPositionInTheEpochNotOnTheBatchSize(
            @ForAll @IntRange(min = 1, max = 12) int batchSize) {
        assertThat(noise(batchSize)).isEqualTo(noise(1)).doesNotHaveDuplicates();
    }

    private static List<Double> noise(int batchSize) {
        Dataset<Double> dataset = Dataset.of(10, k -> k).augment((k, rng) -> rng.nextDouble());
        DataLoader<List<Double>> loader =
                new DataLoader<>(dataset, batchSize, (List<Double> samples) -> samples).generator(new Generator(3));
        List<Double> all = new ArrayList<>();
        loader.forEach(all::addAll);
        return all;
    }

    @Example
    void theSameSeedGivesTheSameEpochsAndEachEpochItsOwnOrder() {
        DataLoader<Batch> a = new DataLoader<>(numbered(100), 7).shuffle(new Random(3));
        DataLoader<Batch> b = new DataLoader<>(numbered(100), 7).shuffle(new Random(3));
        List<Integer> first = epoch(a);

        assertThat(epoch(b)).isEqualTo(first);
        assertThat(epoch(a)).isEqualTo(epoch(b)).isNotEqualTo(first);
        assertThat(first).isNotEqualTo(upTo(100));
    }

    @Example
    void everyOrderIsAsLikely() {
        DataLoader<Batch> loader = new DataLoader<>(numbered(3), 3).shuffle(new Random(1));
        int[] counts = new int[27];
        for (int epoch = 0; epoch < 6000; epoch++) {
            List<Integer> order = epoch(loader);
            counts[order.get(0) * 9 + order.get(1) * 3 + order.get(2)]++;
        }

        assertThat(IntStream.of(counts).filter(count -> count > 0).boxed())
                .hasSize(6)
                .allMatch(count -> count > 880 && count < 1120);
    }

    @Example
    void anEpochEnds() {
        Iterator<Batch> batches = new DataLoader<>(numbered(1), 1).iterator();
        batches.next();

        thrown(NoSuchElementException.class, batches::next)
                .withMessage("DataLoader: the epoch is over; iterate again for the next one");
    }

    @Example
    @SuppressWarnings("NullAway") // code without null checks may pass null
    void aGeneratorThatIsNullIsRefusedAndNothingHasChanged() {
        DataLoader<Batch> loader = new DataLoader<>(numbered(9), 9);
        refused(() -> loader.generator(null)).withMessage("DataLoader: the generator is null");
        refused(() -> loader.shuffle(null)).withMessage("DataLoader: the generator is null");

        assertThat(loader.iterator().next().x().data())
                .isEqualTo(
                        new DataLoader<>(numbered(9), 9).iterator().next().x().data());
    }

    @Example
    void aBatchHasAtLeastOneSample() {
        refused(() -> new DataLoader<>(numbered(3), 0))
                .withMessage("DataLoader: the batch size must be at least 1, got 0");
    }
}
