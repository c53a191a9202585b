package io.adjoint.nn.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DataStreamProperties {
    private static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    private static <B> List<B> epoch(Iterable<B> loader) {
        List<B> all = new ArrayList<>();
        loader.forEach(all::add);
        return all;
    }

    /** A loader whose stream combines operations that are random or change the number of samples. */
    private static StreamLoader<List<List<Object>>> loader(
            int size, int buffer, int batchSize, int workers, long seed) {
        return DataStream.of(upTo(size))
                .shuffle(buffer)
                .augment((k, random) -> List.<Object>of(k, random.nextDouble()))
                .filter(pair -> (int) pair.get(0) % 5 != 0)
                .flatMap(pair -> (int) pair.get(0) % 7 == 0 ? List.of(pair, pair) : List.of(pair))
                .concat(DataStream.of(upTo(3)).augment((k, random) -> List.<Object>of(-1 - k, random.nextDouble())))
                .shuffle(2)
                .augment((pair, random) -> List.<Object>of(pair.get(0), pair.get(1), random.nextDouble()))
                .batch(batchSize, samples -> samples)
                .generator(new Generator(seed))
                .workers(workers);
    }

    @Property
    void workersChangeNeitherOrderNorValues(
            @ForAll @IntRange(max = 60) int size,
            @ForAll @IntRange(min = 1, max = 70) int buffer,
            @ForAll @IntRange(min = 1, max = 9) int batchSize,
            @ForAll @IntRange(min = 1, max = 4) int workers,
            @ForAll long seed) {
        StreamLoader<List<List<Object>>> alone = loader(size, buffer, batchSize, 0, seed);
        StreamLoader<List<List<Object>>> ahead = loader(size, buffer, batchSize, workers, seed);

        assertThat(epoch(ahead)).isEqualTo(epoch(alone));
        assertThat(epoch(ahead)).as("another epoch").isEqualTo(epoch(alone));
    }

    @Property
    void aResumedStreamHasTheBitsOfOneThatWasNotInterrupted(
            @ForAll @IntRange(max = 40) int size,
            @ForAll @IntRange(min = 1, max = 50) int buffer,
            @ForAll @IntRange(min = 1, max = 9) int batchSize,
            @ForAll @IntRange(max = 3) int workers,
            @ForAll @IntRange(max = 50) int stop,
            @ForAll long seed) {
        StreamLoader<List<List<Object>>> whole = loader(size, buffer, batchSize, 0, seed);
        List<List<List<Object>>> expected = epoch(whole);
        int first = expected.size();
        expected.addAll(epoch(whole));

        StreamLoader<List<List<Object>>> cut = loader(size, buffer, batchSize, workers, seed);
        List<List<List<Object>>> found = new ArrayList<>();
        try (BatchIterator<List<List<Object>>> batches = cut.iterator()) {
            for (int k = 0; k < Math.min(stop, first); k++) {
                found.add(batches.next());
            }
        }
        Map<String, NdArray> state = new LinkedHashMap<>(cut.state());
        StreamLoader<List<List<Object>>> other = loader(size, buffer, batchSize, workers, ~seed);
        other.load(state);
        BatchIterator<List<List<Object>>> rest = other.iterator();
        assertThat(rest.position()).isEqualTo(found.size());
        rest.forEachRemaining(found::add);
        assertThat(rest.position()).isEqualTo(first);
        found.addAll(epoch(other));

        assertThat(found).isEqualTo(expected);
        assertThat(other.state()).isEqualTo(whole.state());
    }

    @Property
    void aShuffledStreamHasEachSampleOnceAndNoneTooEarly(
            @ForAll @IntRange(max = 60) int size, @ForAll @IntRange(min = 1, max = 70) int buffer, @ForAll long seed) {
        List<Integer> order = epoch(DataStream.of(upTo(size))
                .shuffle(buffer)
                .batch(1, samples -> samples.get(0))
                .generator(new Generator(seed)));

        assertThat(order).containsExactlyInAnyOrderElementsOf(upTo(size));
        for (int position = 0; position < size; position++) {
            assertThat(order.get(position) - position).isLessThan(buffer);
        }
    }

    /** The expected order is that of PyTorch's Shuffler, written with a list as the buffer. */
    @Property
    void theShuffleBufferIsThatOfTheReference(
            @ForAll @IntRange(max = 40) int size, @ForAll @IntRange(min = 1, max = 50) int buffer, @ForAll long seed) {
        Generator epochSeeds = new Generator(seed);
        Generator opening = new Generator(epochSeeds.nextLong());
        Generator draws = new Generator(opening.nextLong());
        List<Integer> expected = new ArrayList<>();
        List<Integer> kept = new ArrayList<>();
        int next = 0;
        while (next < size || !kept.isEmpty()) {
            if (next < size && kept.size() < buffer) {
                kept.add(next++);
                continue;
            }
            int drawn = draws.nextInt(kept.size());
            expected.add(kept.get(drawn));
            kept.set(drawn, kept.get(kept.size() - 1));
            kept.remove(kept.size() - 1);
        }

        assertThat(epoch(DataStream.of(upTo(size))
                        .shuffle(buffer)
                        .batch(1, samples -> samples.get(0))
                        .generator(new Generator(seed))))
                .isEqualTo(expected);
    }

    @Property
    void aBufferOfTheWholeStreamGivesEachOrderEquallyOften(@ForAll @IntRange(min = 3, max = 6) int buffer) {
        StreamLoader<List<Integer>> loader = DataStream.of(upTo(3))
                .shuffle(buffer)
                .batch(3, samples -> samples)
                .generator(new Generator(buffer));
        Map<List<Integer>, Integer> counts = new LinkedHashMap<>();
        for (int k = 0; k < 1200; k++) {
            counts.merge(loader.iterator().next(), 1, Integer::sum);
        }

        // 200 is expected, with a standard deviation of 12.9
        assertThat(counts).hasSize(6);
        assertThat(counts.values()).allMatch(count -> count > 135 && count < 265);
    }

    @Property
    void batchesPartsAndConcatenationsAreThoseOfTheList(
            @ForAll @IntRange(max = 30) int size,
            @ForAll @IntRange(max = 35) int from,
            @ForAll @IntRange(max = 35) int count,
            @ForAll @IntRange(min = 1, max = 7) int batchSize,
            @ForAll Random rng) {
        DataStream<Integer> stream = DataStream.of(upTo(size));
        List<Integer> expected = new ArrayList<>(upTo(size).subList(Math.min(from, size), size));
        expected = new ArrayList<>(expected.subList(0, Math.min(count, expected.size())));
        expected.addAll(upTo(size).stream().filter(k -> k % 2 == 0).map(k -> -k).toList());
        boolean drop = rng.nextBoolean();

        List<List<Integer>> batches = epoch(stream.skip(from)
                .take(count)
                .concat(stream.filter(k -> k % 2 == 0).map(k -> -k))
                .batch(batchSize, samples -> samples)
                .dropLast(drop));

        int kept = drop ? expected.size() - expected.size() % batchSize : expected.size();
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyElementsOf(expected.subList(0, kept));
        assertThat(batches.stream().limit(Math.max(0, batches.size() - 1L)))
                .allMatch(batch -> batch.size() == batchSize);
    }

    @Example
    void functionsOfMapAreNotCalledForSamplesThatAResumedTrainingLeavesOut() {
        List<Integer> mapped = new ArrayList<>();
        DataStream<Integer> stream = DataStream.of(upTo(9)).map(k -> {
            mapped.add(k);
            return k;
        });
        StreamLoader<List<Integer>> loader = stream.batch(2, samples -> samples);
        BatchIterator<List<Integer>> batches = loader.iterator();
        batches.next();
        batches.next();
        mapped.clear();
        StreamLoader<List<Integer>> other = stream.batch(2, samples -> samples);
        other.load(loader.state());

        assertThat(epoch(other)).containsExactly(List.of(4, 5), List.of(6, 7), List.of(8));
        assertThat(mapped).containsExactly(4, 5, 6, 7, 8);
    }
}
