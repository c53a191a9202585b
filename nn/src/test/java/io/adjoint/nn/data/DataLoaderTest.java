// Long because it tests the orders, workers, failures and states of one class.
package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Replacement;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
    /** A text of letters and its class. */
    private record Word(Tensor letters, int label) {}

    /** Several words. */
    private record Words(Padded letters, Tensor labels) {}

    static Dataset<Integer> numbers(int size) {
        return Dataset.of(size, k -> k);
    }

    static DataLoader<List<Integer>> lists(Dataset<Integer> dataset, int batchSize) {
        return new DataLoader<>(dataset, batchSize, samples -> samples);
    }

    /** Pairs of a number and a random number that is drawn for it. */
    static Dataset<List<Object>> noisy(int size) {
        return numbers(size).augment((k, random) -> List.of(k, random.nextDouble()));
    }

    static <B> List<B> epoch(DataLoader<B> loader) {
        List<B> batches = new ArrayList<>();
        loader.forEach(batches::add);
        return batches;
    }

    @Test
    void batchesOfRecordsAreWhatTheCollateFunctionMakesOfThem() {
        Dataset<Word> words = Dataset.of(List.of(
                new Word(Tensor.of(new int[] {1, 2, 3}), 0),
                new Word(Tensor.of(new int[] {4}), 1),
                new Word(Tensor.of(new int[] {5, 6}), 1)));
        DataLoader<Words> loader = new DataLoader<>(
                words,
                2,
                samples -> new Words(Collate.pad(samples, Word::letters, -1), Collate.ints(samples, Word::label)));
        List<Words> batches = epoch(loader);

        assertThat(batches).hasSize(2).hasSize(loader.size());
        assertThat(batches.get(0).letters().values().data())
                .isEqualTo(NdArray.of(Shape.of(2, 3), new int[] {1, 2, 3, 4, -1, -1}));
        assertThat(batches.get(0).letters().lengths().data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {3, 1}));
        assertThat(batches.get(0).letters().mask().data())
                .isEqualTo(NdArray.of(Shape.of(2, 3), new boolean[] {true, true, true, true, false, false}));
        assertThat(batches.get(1).labels().data()).isEqualTo(NdArray.of(Shape.of(1), new int[] {1}));
    }

    @Test
    void samplesOfTensorsAreStacked() {
        Dataset<Batch> dataset =
                Dataset.of(3, k -> new Batch(Tensor.of(k, k + 0.5), Tensor.of(NdArray.scalar(DType.INT32, k))));
        Batch batch = new DataLoader<>(dataset, 2).iterator().next();

        assertThat(batch.x().data()).isEqualTo(NdArray.of(Shape.of(2, 2), 0, 0.5, 1, 1.5));
        assertThat(batch.y().data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {0, 1}));
    }

    @Test
    void samplesOfTensorsThatAreAugmentedAtRandomAreStacked() {
        Dataset<Tensor> dataset = Dataset.of(3, k -> Tensor.of(k, k)).augment((x, rng) -> x.add(rng.nextDouble()));
        Tensor batch = new DataLoader<>(dataset, 3)
                .generator(new Generator(1))
                .iterator()
                .next();

        assertThat(batch.floor().data()).isEqualTo(NdArray.of(Shape.of(3, 2), 0, 0, 1, 1, 2, 2));
        assertThat(batch.sub(batch.floor()).data().toDoubleArray()).doesNotContain(0);
    }

    @Test
    void whatCannotBeStackedNeedsACollateFunction() {
        thrown(SampleException.class, () -> epoch(new DataLoader<>(numbers(3), 2)))
                .withMessageContainingAll(
                        "batch of samples [0, 1]",
                        "a sample is a Integer",
                        "new DataLoader<>(dataset, 32, samples -> …)");
        thrown(SampleException.class, () -> epoch(new DataLoader<>(numbers(20), 10)))
                .withMessageContaining("batch of samples [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]: ");
        thrown(SampleException.class, () -> epoch(new DataLoader<>(numbers(20), 11)))
                .withMessageContaining("batch of samples [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …]: ");
        Dataset<Word> words = Dataset.of(List.of(new Word(Tensor.of(1), 5)));
        thrown(SampleException.class, () -> epoch(new DataLoader<>(words, 2)))
                .withMessageContaining("'label' of Word is a Integer");
        Dataset<Tensor> ragged = Dataset.of(2, k -> Tensor.zeros(k + 1));
        thrown(SampleException.class, () -> epoch(new DataLoader<>(ragged, 2)))
                .withMessageContainingAll("[0, 1]: stack: ", "[1]", "[2]");
        Dataset<Object> mixed = Dataset.of(2, k -> k == 0 ? Tensor.zeros(1) : new Batch(Tensor.of(1), Tensor.of(1)));
        thrown(SampleException.class, () -> epoch(new DataLoader<>(mixed, 2)))
                .withMessageContaining("a sample is a Tensor, but another is a Batch");
    }

    // ---- samplers ----

    @Test
    void aWeightedSamplerDrawsInProportionToTheWeights() {
        Sampler sampler = Sampler.weighted(new double[] {1, 0, 3}, 40_000, Replacement.WITH);
        int[] counts = new int[3];
        epoch(lists(numbers(3), 100).sampler(sampler).generator(new Generator(1)))
                .forEach(batch -> batch.forEach(k -> counts[k]++));

        assertThat(counts[0] / 40_000.0).isCloseTo(0.25, within(0.01));
        assertThat(counts[1]).isZero();
        assertThat(counts[0] + counts[2]).isEqualTo(40_000);
    }

    @Test
    void weightsThatAllowNoDrawAreRefused() {
        for (double[] weights : List.of(new double[] {1, -1}, new double[] {Double.NaN, 1}, new double[] {0, 0})) {
            refused(() -> Sampler.weighted(weights, 1, Replacement.WITH))
                    .withMessageStartingWith("Sampler.weighted: expected finite weights from 0 on");
        }
        refused(() -> Sampler.weighted(new double[] {1, 0, 2}, 3, Replacement.WITHOUT))
                .withMessageContaining("got 2 positive of 3 weights with sum 3.0 for 3 draws");
    }

    @Test
    void aSamplerOfOnesOwnSaysWhichSamplesComeInWhichOrder() {
        DataLoader<List<Integer>> loader = lists(numbers(9), 2).sampler(Sampler.of(3, random -> new int[] {8, 1, 8}));

        assertThat(epoch(loader)).containsExactly(List.of(8, 1), List.of(8));
        assertThat(loader.size()).isEqualTo(2);
        assertThat(epoch(loader.dropLast(true))).containsExactly(List.of(8, 1));
    }

    @Test
    void aSamplerThatDrawsWhatThereIsNotIsNamed() {
        for (int sample : new int[] {9, -1}) {
            refused(() -> lists(numbers(9), 2)
                            .sampler(Sampler.of(1, random -> new int[] {sample}))
                            .iterator())
                    .withMessage("DataLoader: the sampler drew sample " + sample + ", but the data set has 9 samples");
            refused(() -> lists(numbers(9), 2)
                            .batchSampler((order, size, generator) -> List.of(order, new int[] {sample}))
                            .iterator())
                    .withMessage(
                            "DataLoader: the batch sampler drew sample " + sample + ", but the data set has 9 samples");
        }
        refused(() -> lists(numbers(9), 2)
                        .sampler(Sampler.of(2, random -> new int[] {1}))
                        .iterator())
                .withMessage("DataLoader: the sampler drew 1 samples, but its size is 2");
    }

    @Test
    void batchesOfSimilarLengthPadLittleAndStillHaveEverySampleOnce() {
        int[] lengths = new Random(1).ints(1000, 1, 101).toArray();
        DataLoader<List<Integer>> shuffled = lists(numbers(1000), 10).shuffle(new Generator(1));
        DataLoader<List<Integer>> similar = lists(numbers(1000), 10)
                .shuffle(new Generator(1))
                .batchSampler(BatchSampler.ofSimilarLength(k -> lengths[k], 20));
        List<List<Integer>> batches = epoch(similar);

        assertThat(batches).hasSize(100).hasSize(similar.size());
        assertThat(batches.stream().flatMap(List::stream).sorted())
                .isEqualTo(IntStream.range(0, 1000).boxed().toList());
        assertThat(padding(batches, lengths)).isLessThan(padding(epoch(shuffled), lengths) / 8);
        List<Integer> first =
                batches.stream().map(batch -> lengths[batch.get(0)]).toList();
        assertThat(first.subList(0, 20))
                .isNotEqualTo(first.subList(0, 20).stream().sorted().toList());
        refused(() -> BatchSampler.ofSimilarLength(k -> k, 0))
                .withMessage("BatchSampler: the window of batches must be at least 1, got 0");
    }

    private static int padding(List<List<Integer>> batches, int[] lengths) {
        return batches.stream()
                .mapToInt(batch -> {
                    int longest = batch.stream().mapToInt(k -> lengths[k]).max().orElse(0);
                    return batch.stream().mapToInt(k -> longest - lengths[k]).sum();
                })
                .sum();
    }

    @Test
    void randomNumbersNeedAGenerator() {
        thrown(
                        IllegalStateException.class,
                        () -> lists(numbers(9), 2).sampler(Sampler.shuffled(9)).iterator())
                .withMessageContaining("shuffle(rng) or generator(rng)");
        thrown(IllegalStateException.class, () -> new DataLoader<>(noisy(3), 2, samples -> samples).iterator())
                .withMessageContaining("shuffle(rng) or generator(rng)");
    }

    @Test
    void aSettingThatStandsAsAStatementHoldsFromTheNextIterationOn() {
        DataLoader<List<Integer>> chained =
                lists(numbers(9), 2).shuffle(new Generator(1)).dropLast(true);
        DataLoader<List<Integer>> stated = lists(numbers(9), 2);
        Iterator<List<Integer>> before = stated.iterator();
        stated.shuffle(new Generator(1));
        stated.dropLast(true);
        stated.workers(2);

        assertThat(before).toIterable().first().isEqualTo(List.of(0, 1));
        assertThat(epoch(stated)).isEqualTo(epoch(chained)).hasSize(4).hasSize(stated.size());
    }

    @Test
    void aSettingThatIsRefusedChangesNothing() {
        DataLoader<List<Integer>> loader = lists(numbers(3), 2);

        refused(() -> loader.workers(1025));
        refused(() -> loader.sampler(Sampler.weighted(new double[] {1}, 1, Replacement.WITH)));
        assertThat(epoch(loader)).containsExactly(List.of(0, 1), List.of(2));
    }

    @Test
    void aSettingKeepsTheLoadersPlace() {
        DataLoader<List<Integer>> loader = lists(numbers(6), 2);
        loader.iterator().next();
        DataLoader<List<Integer>> later = lists(numbers(6), 2);
        later.load(loader.state());
        later.workers(1);

        assertThat(epoch(later)).containsExactly(List.of(2, 3), List.of(4, 5));
    }

    // ---- workers ----

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void workersChangeNeitherOrderNorBits(int workers) {
        DataLoader<List<List<Object>>> alone =
                new DataLoader<>(noisy(101), 4, samples -> samples).shuffle(new Generator(3));
        DataLoader<List<List<Object>>> many = new DataLoader<>(noisy(101), 4, (List<List<Object>> samples) -> samples)
                .shuffle(new Generator(3))
                .workers(workers);
        List<List<List<Object>>> first = epoch(alone);

        assertThat(epoch(many)).isEqualTo(first);
        assertThat(epoch(many)).isEqualTo(epoch(alone)).isNotEqualTo(first);
    }

    @Test
    void aSampleIsAugmentedDifferentlyEachTime() {
        DataLoader<List<List<Object>>> loader = new DataLoader<>(noisy(5), 8, (List<List<Object>> samples) -> samples)
                .sampler(Sampler.of(6, random -> new int[] {0, 0, 1, 0, 0, 0}))
                .generator(new Generator(3));

        assertThat(epoch(loader).get(0))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(epoch(loader).get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void anErrorReachesTheCallerWithTheSamplesNumberAfterTheBatchesBeforeIt(int workers) {
        Dataset<Integer> broken = Dataset.of(20, k -> {
            if (k == 7) {
                throw new IllegalStateException("the disk is gone");
            }
            return k;
        });
        Iterator<List<Integer>> batches = lists(broken, 2).workers(workers).iterator();

        assertThat(List.of(batches.next(), batches.next(), batches.next()))
                .containsExactly(List.of(0, 1), List.of(2, 3), List.of(4, 5));
        thrown(SampleException.class, batches::next)
                .withMessage("DataLoader: sample 7: the disk is gone")
                .withCauseInstanceOf(IllegalStateException.class);
        assertThat(batches.next()).as("the batch after it").isEqualTo(List.of(8, 9));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void anEndOfMemoryIsNotDisguised(int workers) {
        OutOfMemoryError end = new OutOfMemoryError("on purpose");
        DataLoader<List<Integer>> loader = lists(
                        Dataset.of(3, k -> {
                            throw end;
                        }),
                        2)
                .workers(workers);

        thrown(OutOfMemoryError.class, () -> epoch(loader)).isSameAs(end);
    }

    @Test
    void workersStayTwoBatchesAheadAndEndWhenTheIterationIsAbandoned() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        DataLoader<List<Integer>> loader =
                lists(numbers(1000).map(k -> made.incrementAndGet()), 1).workers(2);
        for (List<Integer> batch : loader) {
            assertThat(batch).hasSize(1);
            break;
        }
        for (int k = 0; k < 100 && workers() > 0; k++) {
            Thread.sleep(100);
        }

        assertThat(workers()).isZero();
        assertThat(made.get()).isBetween(1, 5);
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("adjoint-data-loader") && thread.isAlive())
                .peek(thread -> assertThat(thread.isDaemon()).isTrue())
                .count();
    }

    @Test
    void workersWorkAtTheSameTime() {
        CountDownLatch both = new CountDownLatch(2);
        Dataset<Boolean> meeting = Dataset.of(2, k -> {
            both.countDown();
            try {
                return both.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(epoch(new DataLoader<>(meeting, 1, (List<Boolean> samples) -> samples.get(0)).workers(2)))
                .containsExactly(true, true);
    }

    @Test
    void aCallerThatIsInterruptedWhileItWaitsIsToldAndMayGoOn() {
        CountDownLatch go = new CountDownLatch(1);
        Iterator<List<Integer>> batches = lists(
                        numbers(2).map(k -> {
                            try {
                                return go.await(10, TimeUnit.SECONDS) ? k : -1;
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        }),
                        1)
                .workers(1)
                .iterator();
        Thread.currentThread().interrupt();

        thrown(IllegalStateException.class, batches::next).withMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        go.countDown();
        assertThat(batches.next()).containsExactly(0);
    }

    @Test
    void workersAreNotNegative() {
        refused(() -> lists(numbers(1), 1).workers(-1))
                .withMessage("DataLoader: the number of workers must be from 0 to 1024, got -1");
    }

    @Test
    void aBatchWithoutSamplesIsRefused() {
        DataLoader<List<Integer>> loader = new DataLoader<>(Dataset.of(4, k -> k), 2, (List<Integer> all) -> all)
                .batchSampler((order, size, generator) -> List.of(order, new int[0]));

        refused(loader::iterator).withMessage("DataLoader: the batch sampler made a batch without samples");
    }

    @Test
    void aSamplerOfADataSetOfAnotherSizeIsRefused() {
        refused(() -> lists(numbers(9), 2).sampler(Sampler.weighted(new double[] {1, 3}, 9, Replacement.WITH)))
                .withMessage("DataLoader: the sampler was made for a data set of 2 samples, but this one has 9;"
                        + " a weighted sampler takes one weight for each sample, not for each class");
    }
}
