package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.data.DataLoaderTest.epoch;
import static io.adjoint.nn.data.DataLoaderTest.lists;
import static io.adjoint.nn.data.DataLoaderTest.noisy;
import static io.adjoint.nn.data.DataLoaderTest.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoaderStateTest {
    private static DataLoader<List<List<Object>>> resumable(Generator rng, int workers) {
        return new DataLoader<>(noisy(23), 4, (List<List<Object>> samples) -> samples)
                .shuffle(rng)
                .workers(workers);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 6})
    void aLoaderGoesOnFromItsStateWithTheSameBits(int taken) {
        DataLoader<List<List<Object>>> whole = resumable(new Generator(5), 0);
        List<List<List<Object>>> expected = new ArrayList<>(epoch(whole));
        expected.addAll(epoch(whole));
        expected.addAll(epoch(whole));

        DataLoader<List<List<Object>>> cut = resumable(new Generator(5), 2);
        List<List<List<Object>>> found = new ArrayList<>(epoch(cut));
        Iterator<List<List<Object>>> batches = cut.iterator();
        for (int k = 0; k < taken; k++) {
            found.add(batches.next());
        }
        Map<String, NdArray> state = new LinkedHashMap<>(cut.state());
        DataLoader<List<List<Object>>> other = resumable(new Generator(99), 0);
        other.load(state);
        found.addAll(epoch(other));
        found.addAll(epoch(other));

        assertThat(found).isEqualTo(expected);
    }

    @Test
    void batchesOfOneSampleAreGoneOnWith() {
        DataLoader<List<Integer>> loader = lists(numbers(3), 1);
        Iterator<List<Integer>> batches = loader.iterator();
        assertThat(batches.next()).containsExactly(0);
        DataLoader<List<Integer>> other = lists(numbers(3), 1);
        other.load(loader.state());

        assertThat(epoch(other)).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void betweenEpochsTheStateSaysThatNoneIsUnderWay() {
        DataLoader<List<List<Object>>> loader = resumable(new Generator(5), 0);
        assertThat(loader.state().get("sizes")).isEqualTo(NdArray.of(Shape.of(0), new int[0]));
        assertThat(epoch(loader)).hasSize(6);
        Map<String, NdArray> state = loader.state();

        assertThat(state.keySet())
                .containsExactly("order", "sizes", "position", "seed", "samples", "batchSize", "generator");
        assertThat(state.get("order")).isEqualTo(NdArray.of(Shape.of(0), new int[0]));
        List<List<List<Object>>> second = epoch(loader);
        DataLoader<List<List<Object>>> other = resumable(new Generator(7), 0);
        other.load(state);
        assertThat(epoch(other)).isEqualTo(second);
    }

    @Test
    void anInterruptedEpochIsGoneOnWithOnlyAfterLoad() {
        DataLoader<List<Integer>> loader = lists(numbers(4), 2);
        assertThat(loader.iterator().next()).containsExactly(0, 1);
        Map<String, NdArray> state = loader.state();

        assertThat(epoch(loader)).hasSize(2);
        loader.load(state);
        assertThat(epoch(loader)).containsExactly(List.of(2, 3));
        assertThat(epoch(loader)).hasSize(2);
    }

    @Test
    void aGeneratorWhoseStateCannotBeReadIsRefused() {
        DataLoader<List<Integer>> loader = lists(numbers(4), 2).shuffle(new Random(1));
        assertThat(epoch(loader)).hasSize(2);

        thrown(IllegalStateException.class, loader::state)
                .withMessageContainingAll("the state of a java.util.Random cannot be read", "new Generator(seed)");
    }

    @Test
    void anEpochIsNotGoneOnWithByALoaderOfOtherDataOrBatches() {
        DataLoader<List<Integer>> loader = lists(numbers(100), 10);
        Map<String, NdArray> between = loader.state();
        assertThat(loader.iterator().next()).hasSize(10);
        Map<String, NdArray> within = loader.state();
        DataLoader<List<Integer>> moreData = lists(numbers(200), 10);
        DataLoader<List<Integer>> largerBatches = lists(numbers(100), 20);

        refused(() -> moreData.load(within))
                .withMessage("DataLoader: the state does not fit, and nothing was loaded: it is from the middle of an"
                        + " epoch of 100 samples, but this loader has 200");
        refused(() -> largerBatches.load(within))
                .withMessageEndingWith("of 10 samples a batch, but this loader has 20");
        largerBatches.load(between);
        assertThat(epoch(largerBatches)).hasSize(5);
    }

    @Test
    void aStateThatDoesNotFitChangesNothing() {
        Generator rng = new Generator(5);
        DataLoader<List<List<Object>>> loader = resumable(rng, 0);
        assertThat(loader.iterator().next()).hasSize(4);
        Map<String, NdArray> before = loader.state();
        Map<String, NdArray> other = new LinkedHashMap<>(before);
        int[] order = Objects.requireNonNull(before.get("order")).toIntArray();
        order[3] = 23;
        other.put("order", NdArray.of(Shape.of(order.length), order));
        Map<String, NdArray> late = new LinkedHashMap<>(before);
        late.put("position", NdArray.scalar(DType.INT32, 7));
        Map<String, NdArray> empty = new LinkedHashMap<>(before);
        empty.put("sizes", NdArray.of(Shape.of(3), new int[] {0, 23, 0}));
        Map<String, NdArray> missing = new LinkedHashMap<>(before);
        missing.remove("seed");

        refused(() -> loader.load(other))
                .withMessageContaining("with 23 samples up to number 23 is no place in a data set of 23 samples");
        refused(() -> loader.load(late)).withMessageContaining("batch 7 of 6");
        refused(() -> loader.load(empty)).withMessageContaining("the state does not fit, and nothing was loaded");
        refused(() -> loader.load(missing))
                .withMessage("DataLoader: the state does not fit, and nothing was loaded: missing 'seed' INT32 [2]");
        assertThat(loader.state()).isEqualTo(before);
        assertThat(Arrays.equals(
                        Objects.requireNonNull(rng.state().get("state")).toIntArray(),
                        Objects.requireNonNull(before.get("generator")).toIntArray()))
                .isTrue();
    }
}
