package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Generator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a batch with a sample that can't be made is left out, and that nothing else changes, with or without workers. */
class FailingSamplesTest {
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();

    private DataLoader<List<Integer>> loader(int workers) {
        Dataset<Integer> dataset = Dataset.of(10, k -> {
            if (broken.contains(k)) {
                throw new IllegalStateException("broken");
            }
            return k;
        });
        return new DataLoader<>(dataset, 2, samples -> samples).workers(workers);
    }

    private static List<List<Integer>> rest(Iterator<List<Integer>> batches, int failures) {
        List<List<Integer>> all = new ArrayList<>();
        int failed = 0;
        while (batches.hasNext()) {
            try {
                all.add(batches.next());
            } catch (SampleException e) {
                failed++;
            }
        }
        assertThat(failed).isEqualTo(failures);
        thrown(NoSuchElementException.class, batches::next);
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void theSameIteratorGoesOnWithTheNextBatchAlsoAfterTheLastOne(int workers) {
        broken.addAll(List.of(3, 9));
        BatchIterator<List<Integer>> batches = loader(workers).iterator();

        assertThat(batches.next()).containsExactly(0, 1);
        thrown(SampleException.class, batches::next)
                .withMessage("DataLoader: sample 3: broken")
                .havingCause()
                .withMessage("broken");
        assertThat(batches.position()).isEqualTo(2);
        assertThat(rest(batches, 1)).containsExactly(List.of(4, 5), List.of(6, 7));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void theNextIterationIsAWholeEpochAndDrawsWhatItWouldHaveDrawn(int workers) {
        DataLoader<List<Integer>> loader = loader(workers).shuffle(new Generator(5));
        DataLoader<List<Integer>> sound = loader(workers).shuffle(new Generator(5));
        assertThat(rest(sound.iterator(), 0)).hasSize(5);
        List<List<Integer>> expected = rest(sound.iterator(), 0);
        broken.add(3);
        assertThat(rest(loader.iterator(), 1)).hasSize(4);
        broken.clear();

        assertThat(rest(loader.iterator(), 0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aStateTakenAfterTheFailureIsThePlaceBehindIt(int workers) {
        broken.add(3);
        DataLoader<List<Integer>> loader = loader(workers);
        Iterator<List<Integer>> batches = loader.iterator();
        assertThat(batches.next()).hasSize(2);
        thrown(SampleException.class, batches::next);

        DataLoader<List<Integer>> other = loader(workers);
        other.load(loader.state());

        assertThat(rest(other.iterator(), 0)).containsExactly(List.of(4, 5), List.of(6, 7), List.of(8, 9));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void workersOfAnIterationThatIsGivenUpEnd(int workers) {
        broken.add(3);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Iterator<List<Integer>> batches = loader(workers).iterator();
        assertThat(batches.next()).hasSize(2);
        thrown(SampleException.class, batches::next);

        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (hasWorkers(before) && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(hasWorkers(before)).isFalse();
    }

    private static boolean hasWorkers(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> !before.contains(thread) && thread.getName().equals("adjoint-data-loader"));
    }
}
