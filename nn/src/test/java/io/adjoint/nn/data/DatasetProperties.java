package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DatasetProperties {
    private static Dataset<Integer> numbers(int size) {
        return Dataset.of(size, k -> k);
    }

    private static <S> List<S> samples(Dataset<S> dataset) {
        return IntStream.range(0, dataset.size()).mapToObj(dataset::get).toList();
    }

    private static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    // ---- map, concat, subset ----

    @Example
    void dataSetsAreMappedConcatenatedAndCut() {
        Dataset<String> dataset = numbers(4).map(k -> "s" + k).concat(Dataset.of(List.of("t")));

        assertThat(samples(dataset)).containsExactly("s0", "s1", "s2", "s3", "t");
        assertThat(samples(dataset.subset(4, 0, 4))).containsExactly("t", "s0", "t");
        assertThat(samples(dataset.slice(3, 5))).containsExactly("s3", "t");
        assertThat(samples(dataset.slice(2, 2))).isEmpty();
    }

    @Example
    void aMappedSampleIsComputedEachTimeACachedOneOnce() {
        List<Integer> asked = new ArrayList<>();
        Dataset<Integer> mapped = numbers(2).map(k -> {
            asked.add(k);
            return k;
        });
        Dataset<Integer> cached = mapped.cached();

        assertThat(samples(cached)).containsExactly(0, 1);
        assertThat(samples(cached)).containsExactly(0, 1);
        assertThat(asked).containsExactly(0, 1);
        assertThat(samples(mapped)).containsExactly(0, 1);
        assertThat(asked).hasSize(4);
    }

    @Example
    void subsetsOfTensorsTakeBatchesAtOnce() {
        Dataset<Batch> dataset = Dataset.of(Tensor.of(0, 10, 20, 30), Tensor.of(new int[] {0, 1, 2, 3}));
        Batch batch = dataset.subset(3, 1, 2).batch(0, 2);

        assertThat(batch.x().data()).isEqualTo(NdArray.of(Shape.of(2), 30, 20));
        assertThat(batch.y().data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {3, 2}));
        assertThat(dataset.get(1).x().item()).isEqualTo(10);
        assertThat(dataset.slice(1, 3).all().x().data()).isEqualTo(NdArray.of(Shape.of(2), 10, 20));
    }

    @Example
    void whereRandomSamplesAreAskedForWithoutAGeneratorThatIsSaid() {
        Dataset<Double> random = numbers(3).augment((k, rng) -> k + rng.nextDouble());

        assertThat(random.isRandom()).isTrue();
        assertThat(random.map(x -> -x).isRandom()).isTrue();
        assertThat(random.slice(0, 2).concat(random).isRandom()).isTrue();
        assertThat(random.get(1, new Generator(1))).isEqualTo(1 + new Generator(1).nextDouble());
        assertThat(random.map(x -> -x).slice(1, 2).concat(random).get(0, new Generator(1)))
                .isEqualTo(-1 - new Generator(1).nextDouble());
        for (Dataset<Double> each : List.of(random, random.map(x -> -x), random.slice(0, 1))) {
            thrown(IllegalStateException.class, () -> each.get(0)).withMessageContaining("augmented at random");
        }
        thrown(IllegalStateException.class, random::cached);
    }

    @Example
    void aDataSetIsRandomIfOneThatItIsMadeOfIs() {
        Dataset<Integer> plain = numbers(3);
        Dataset<Integer> random = plain.augment((k, rng) -> k);

        assertThat(List.of(random, random.slice(0, 2), random.concat(plain), plain.concat(random)))
                .allMatch(Dataset::isRandom);
        assertThat(List.of(plain, plain.slice(0, 2), plain.concat(plain), plain.map(k -> k), plain.cached()))
                .noneMatch(Dataset::isRandom);
    }

    @Example
    void samplesThatThereAreNotAreNamed() {
        Dataset<Integer> dataset = numbers(3);
        List<Function<Dataset<Integer>, Object>> wrong = List.of(
                d -> d.get(3),
                d -> d.get(-1),
                d -> d.subset(0, 3),
                d -> d.concat(d).get(6),
                d -> d.slice(0, 2).get(2),
                d -> d.slice(2, 4),
                d -> d.slice(2, 1),
                d -> d.slice(-1, 1));
        wrong.forEach(call -> thrown(IndexOutOfBoundsException.class, () -> call.apply(dataset))
                .withMessageStartingWith("Dataset"));
        refused(() -> numbers(-1)).withMessage("Dataset: the number of samples must not be negative, got -1");
        refused(() -> numbers(Integer.MAX_VALUE).concat(dataset)).withMessageContaining("more than an int can count");
    }

    // ---- splits and folds ----

    @Example
    void sizesOfASplitAreThoseOfPyTorch() {
        assertThat(sizes(numbers(100).split(new Generator(1), 0.71, 0.29))).containsExactly(71, 29);
        assertThat(sizes(numbers(10).split(new Generator(1), 0.33, 0.33, 0.34))).containsExactly(4, 3, 3);
        assertThat(sizes(numbers(11).split(new Generator(1), 0.25, 0.25, 0.5))).containsExactly(3, 3, 5);
        assertThat(sizes(numbers(2).split(new Generator(1), 0, 1))).containsExactly(0, 2);
    }

    @Example
    void whereTwoPartsOfAStratifiedSplitLackAsMuchTheFirstGetsTheSample() {
        for (int seed = 0; seed < 5; seed++) {
            Generator rng = new Generator(seed);

            assertThat(sizes(numbers(3).stratifiedSplit(k -> 0, rng, 0.5, 0.5))).containsExactly(2, 1);
            // After the first class of seven samples the parts lack −0.3, 0.1 and 0.2 samples. For the last sample of
            // the second class they lack exactly 0.4, 0.2 and 0.4, so the first part gets it.
            assertThat(sizes(numbers(14).stratifiedSplit(k -> k % 2, rng, 0.1, 0.3, 0.6)))
                    .containsExactly(2, 4, 8);
            assertThat(sizes(numbers(3).stratifiedSplit(k -> 0, rng, 0, 0.5, 0.5)))
                    .containsExactly(0, 2, 1);
        }
    }

    private static List<Integer> sizes(List<? extends Dataset<?>> parts) {
        return parts.stream().<Integer>map(Dataset::size).toList();
    }

    @Property
    void partsHaveEverySampleOnceInItsOrder(@ForAll @IntRange(max = 60) int size, @ForAll Random rng) {
        List<Dataset<Integer>> parts = numbers(size).split(rng, 0.5, 0.3, 0.2);

        assertPartition(size, parts);
    }

    private static void assertPartition(int size, List<Dataset<Integer>> parts) {
        List<Integer> all = new ArrayList<>();
        for (Dataset<Integer> part : parts) {
            assertThat(samples(part)).isSorted();
            all.addAll(samples(part));
        }
        assertThat(all).hasSize(size).hasSameElementsAs(upTo(size));
    }

    @Property
    void stratifiedPartsKeepTheShareOfEachClassToWithinOneSample(
            @ForAll @IntRange(max = 60) int size, @ForAll @IntRange(min = 1, max = 7) int classes, @ForAll Random rng) {
        int[] label = rng.ints(size, 0, classes).toArray();
        // A stratified split refuses labels that all differ.
        Assume.that(size <= 1 || IntStream.of(label).distinct().count() < size);
        double[] fractions = {0.5, 0.3, 0.2};
        List<Dataset<Integer>> parts = numbers(size).stratifiedSplit(k -> label[k], rng, fractions);

        assertPartition(size, parts);
        for (int part = 0; part < fractions.length; part++) {
            List<Integer> members = samples(parts.get(part));
            for (int c = 0; c < classes; c++) {
                int wanted = c;
                double all = IntStream.of(label).filter(l -> l == wanted).count();
                long here = members.stream().filter(k -> label[k] == wanted).count();
                assertThat((double) here).isCloseTo(all * fractions[part], within(1.0));
            }
            assertThat((double) members.size()).isCloseTo(size * fractions[part], within(2.0));
        }
    }

    @Property
    void eachSampleIsHeldOutInOneFold(
            @ForAll @IntRange(min = 5, max = 60) int size,
            @ForAll @IntRange(min = 2, max = 5) int k,
            @ForAll Random rng) {
        List<Split<Integer>> plain = numbers(size).folds(k, rng);
        List<Split<Integer>> stratified = numbers(size).stratifiedFolds(k, n -> n % 3, rng);

        for (List<Split<Integer>> folds : List.of(plain, stratified)) {
            assertThat(folds).hasSize(k);
            assertPartition(size, folds.stream().map(Split::test).toList());
            folds.forEach(fold -> assertPartition(size, List.of(fold.train(), fold.test())));
        }
        assertThat(plain.get(0).test().size() - plain.get(k - 1).test().size()).isBetween(0, 1);
    }

    @Example
    void theSeedDecides() {
        List<List<Integer>> twice = new ArrayList<>();
        for (int seed : new int[] {1, 1, 2}) {
            twice.add(samples(numbers(50).split(new Generator(seed), 0.5, 0.5).get(0)));
        }

        assertThat(twice.get(0)).isEqualTo(twice.get(1)).isNotEqualTo(twice.get(2));
    }

    @Example
    void fractionsAndFoldsThatMakeNoSenseAreRefused() {
        for (double[] fractions :
                List.of(new double[] {0.5, 0.6}, new double[] {-0.5, 1.5}, new double[] {Double.NaN}, new double[0])) {
            refused(() -> numbers(9).split(new Generator(1), fractions))
                    .withMessageStartingWith(
                            "Dataset.split: the fractions must be numbers from 0 on that add up to 1, got [");
            refused(() -> numbers(9).stratifiedSplit(k -> k % 2, new Generator(1), fractions))
                    .withMessageStartingWith("Dataset.stratifiedSplit: ");
        }
        refused(() -> numbers(9).stratifiedSplit(k -> k % 2 == 0 ? 0 : null, new Generator(1), 0.5, 0.5))
                .withMessage("Dataset.stratifiedSplit: the label of a sample is null");
        refused(() -> numbers(9).folds(1, new Generator(1)))
                .withMessage(
                        "Dataset.folds: expected 2 folds or more, and at most one for each of the 9 samples, got 1");
        refused(() -> numbers(9).stratifiedFolds(10, k -> k % 2, new Generator(1)))
                .withMessageStartingWith("Dataset.stratifiedFolds: ");
    }

    @Example
    void theSeedDecidesWhichPartGetsRareClasses() {
        Set<List<Integer>> tests = new HashSet<>();
        for (int seed = 0; seed < 5; seed++) {
            List<Dataset<Integer>> parts =
                    numbers(100).stratifiedSplit(k -> Math.min(k, 98), new Generator(seed), 0.8, 0.2);
            assertPartition(100, parts);
            assertThat(parts.get(1).size()).isBetween(19, 21);
            tests.add(samples(parts.get(1)));
            tests.add(samples(numbers(100)
                    .stratifiedFolds(5, k -> Math.min(k, 98), new Generator(seed))
                    .get(0)
                    .test()));
        }
        assertThat(tests).hasSize(10);
    }

    @Example
    void labelsThatTellNoClassesAreRefused() {
        Function<Integer, Object> tensors = k -> Tensor.of(k % 2);
        Function<Integer, Object> arrays = k -> new int[] {k % 2};
        refused(() -> numbers(9).stratifiedSplit(tensors, new Generator(1), 0.5, 0.5))
                .withMessage(
                        "Dataset.stratifiedSplit: the label of a sample must equal those of its class, but a Tensor"
                                + " equals itself alone; return its number, as by sample.y().item()");
        refused(() -> numbers(9).stratifiedFolds(2, arrays, new Generator(1)))
                .withMessageContaining("but a int[] equals itself alone; return a number, text or list");
        refused(() -> numbers(9).stratifiedFolds(2, k -> k, new Generator(1)))
                .withMessageContaining("each of the 9 samples has a label of its own, such as 0")
                .withMessageEndingWith("or call folds");
        assertThat(numbers(1).stratifiedSplit(k -> k, new Generator(1), 1.0)).hasSize(1);
    }

    @Property
    void foldsInOrderAreSuccessiveParts(
            @ForAll @IntRange(min = 5, max = 40) int size, @ForAll @IntRange(min = 2, max = 5) int k) {
        List<Split<Integer>> folds = numbers(size).folds(k);

        List<Integer> tested = new ArrayList<>();
        for (Split<Integer> fold : folds) {
            assertPartition(size, List.of(fold.train(), fold.test()));
            int held = fold.test().size();
            assertThat(held).isBetween(size / k, (size + k - 1) / k);
            assertThat(fold).hasToString("Split[train=" + (size - held) + " samples, test=" + held + " samples]");
            tested.addAll(samples(fold.test()));
        }
        assertThat(folds).hasSize(k);
        assertThat(tested).isEqualTo(upTo(size));
    }
}
