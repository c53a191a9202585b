package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamStateTest {
    private static StreamLoader<List<Integer>> pairs(int end, int workers) {
        return DataStream.of(IntStream.range(0, end).boxed().toList())
                .batch(2, samples -> samples)
                .workers(workers);
    }

    private static List<List<Integer>> epoch(StreamLoader<List<Integer>> loader) {
        List<List<Integer>> all = new ArrayList<>();
        loader.forEach(all::add);
        return all;
    }

    private static StreamLoader<List<Integer>> shuffled(int end, int buffer, int batchSize, Generator rng) {
        return DataStream.of(IntStream.range(0, end).boxed().toList())
                .shuffle(buffer)
                .batch(batchSize, samples -> samples)
                .generator(rng);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aStateFromBetweenEpochsGoesOnWithAWholeEpoch(int workers) {
        StreamLoader<List<Integer>> loader =
                shuffled(20, 8, 4, new Generator(1)).workers(workers);
        assertThat(epoch(loader)).hasSize(5);
        StreamLoader<List<Integer>> other = shuffled(20, 8, 4, new Generator(2)).workers(workers);
        other.load(loader.state());

        assertThat(epoch(other)).hasSize(5).isEqualTo(epoch(loader));
    }

    @Test
    void anEpochIsNotGoneOnWithByAnotherBufferOrBatchSize() {
        StreamLoader<List<Integer>> loader = shuffled(20, 8, 4, new Generator(1));
        Map<String, NdArray> between = loader.state();
        assertThat(loader.iterator().next()).hasSize(4);
        Map<String, NdArray> within = loader.state();
        StreamLoader<List<Integer>> otherBuffer = shuffled(20, 9, 4, new Generator(1));
        StreamLoader<List<Integer>> otherBatch = shuffled(20, 8, 5, new Generator(1));

        refused(() -> otherBuffer.load(within))
                .withMessage("StreamLoader: the state does not fit, and nothing was loaded: it is from the middle of an"
                        + " epoch that was shuffled by buffers of [8] samples, but this loader's stream has buffers of"
                        + " [9]");
        refused(() -> otherBatch.load(within)).withMessageEndingWith("of 4 samples a batch, but this loader has 5");
        otherBatch.load(between);
        assertThat(epoch(otherBatch)).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aSourceThatHasNotWhatWasTakenIsNoticed(int workers) {
        for (int[] sizes : new int[][] {{9, 4, 3, 6}, {9, 5, 3, 6}, {9, 0, 1, 2}, {9, 1, 1, 2}, {5, 9, 3, 5}}) {
            StreamLoader<List<Integer>> loader = pairs(sizes[0], 0);
            BatchIterator<List<Integer>> batches = loader.iterator();
            for (int k = 0; k < sizes[2]; k++) {
                batches.next();
            }
            StreamLoader<List<Integer>> other = pairs(sizes[1], workers);
            other.load(loader.state());

            thrown(IllegalStateException.class, () -> other.iterator().next())
                    .withMessageStartingWith("StreamLoader: " + sizes[3]
                            + " samples were taken before the state was saved, but the same batches of the source have "
                            + Math.min(sizes[1], 2 * sizes[2]) + " now");
            assertThat(epoch(other)).as("the next iteration is a new epoch").hasSize((sizes[1] + 1) / 2);
        }
    }

    @Test
    void aStateTakenBehindTheLastBatchHasNothingLeft() {
        for (int end : new int[] {4, 5}) {
            StreamLoader<List<Integer>> loader = pairs(end, 0);
            BatchIterator<List<Integer>> batches = loader.iterator();
            for (int k = 0; k < (end + 1) / 2; k++) {
                batches.next();
            }
            StreamLoader<List<Integer>> other = pairs(end, 0);
            other.load(loader.state());

            assertThat(other.iterator()).isExhausted();
            assertThat(epoch(other)).hasSize((end + 1) / 2);
        }
    }

    @Test
    void aStateThatDoesNotFitChangesNothing() {
        Generator rng = new Generator(3);
        StreamLoader<List<Integer>> loader = shuffled(20, 8, 4, rng);
        assertThat(loader.iterator().next()).hasSize(4);
        Map<String, NdArray> before = loader.state();
        Map<String, NdArray> negative = new LinkedHashMap<>(before);
        negative.put("position", NdArray.of(Shape.scalar(), new int[] {-1}));
        Map<String, NdArray> missing = new LinkedHashMap<>(before);
        missing.remove("seed");

        assertThat(before.keySet())
                .containsExactly(
                        "underWay", "position", "samples", "orderSeed", "seed", "batchSize", "shuffle", "generator");
        refused(() -> loader.load(negative)).withMessageEndingWith("the count 'position' must not be negative, got -1");
        refused(() -> loader.load(missing))
                .withMessage("StreamLoader: the state does not fit, and nothing was loaded: missing 'seed' INT32 [2]");
        refused(() -> loader.load(Map.of()));
        assertThat(loader.state()).isEqualTo(before);
        thrown(
                        IllegalStateException.class,
                        () -> pairs(3, 0).generator(new Random(1)).state())
                .withMessageContaining("the state of a java.util.Random cannot be read");
    }
}
