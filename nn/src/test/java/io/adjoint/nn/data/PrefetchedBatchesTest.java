package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PrefetchedBatchesTest {
    private static final BatchSource<Integer, List<Integer>> PAIRS =
            new BatchSource<>(Dataset.of(12, k -> k), null, samples -> samples);

    private static EpochOrder<List<Integer>> epoch() {
        return EpochOrder.of(
                PAIRS,
                List.of(
                        new int[] {0, 1},
                        new int[] {2, 3},
                        new int[] {4, 5},
                        new int[] {6, 7},
                        new int[] {8, 9},
                        new int[] {10, 11}),
                0);
    }

    /** A pool that fails as if it couldn't start a thread for one of its tasks. */
    private static final class Failing extends ThreadPoolExecutor {
        private final int failure;
        private int tasks;

        Failing(int failure) {
            super(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
            allowCoreThreadTimeOut(true);
            this.failure = failure;
        }

        @Override
        public void execute(Runnable command) {
            if (++tasks == failure) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            super.execute(command);
        }
    }

    @Test
    void noBatchIsLostOrGivenTwiceWhereThreadsCannotBeStarted() {
        for (int failure = 1; failure <= 6; failure++) {
            Iterator<List<Integer>> batches = new PrefetchedBatches<>(epoch(), 1, new Failing(failure));
            List<List<Integer>> all = new ArrayList<>();
            int errors = 0;
            while (batches.hasNext()) {
                try {
                    all.add(batches.next());
                } catch (OutOfMemoryError expected) {
                    errors++;
                }
            }

            assertThat(errors).isEqualTo(1);
            assertThat(all)
                    .as("task %d fails", failure)
                    .containsExactly(
                            List.of(0, 1), List.of(2, 3), List.of(4, 5), List.of(6, 7), List.of(8, 9), List.of(10, 11));
        }
    }

    /** A pool that runs tasks in the caller's thread, except the tasks with the given numbers, which it keeps without running them. */
    private static final class Keeping extends ThreadPoolExecutor {
        private final Set<Integer> numbers;
        private final List<Future<?>> kept = new ArrayList<>();
        private int tasks;

        Keeping(Integer... numbers) {
            super(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
            this.numbers = Set.of(numbers);
        }

        @Override
        public void execute(Runnable command) {
            if (numbers.contains(++tasks)) {
                kept.add((Future<?>) command);
            } else {
                command.run();
            }
        }
    }

    @Test
    void aBatchThatEndedInAnErrorIsMadeAnew() {
        AtomicBoolean fails = new AtomicBoolean(true);
        Dataset<Integer> dataset = Dataset.of(4, k -> {
            if (fails.getAndSet(false)) {
                throw new NoClassDefFoundError("on purpose");
            }
            return k;
        });
        Iterator<List<Integer>> batches =
                new DataLoader<>(dataset, 2, samples -> samples).workers(1).iterator();

        thrown(NoClassDefFoundError.class, batches::next);
        assertThat(batches).toIterable().containsExactly(List.of(0, 1), List.of(2, 3));
    }

    @Test
    void threadsEndWithTheLastBatch() {
        Keeping pool = new Keeping();
        Iterator<List<Integer>> batches = new PrefetchedBatches<>(epoch(), 1, pool);
        while (batches.hasNext()) {
            assertThat(pool.isShutdown()).isFalse();
            assertThat(batches.next()).hasSize(2);
        }

        assertThat(pool.isShutdown()).isTrue();
    }

    @Test
    void batchesAheadThatAreMadeAnewAreNotMadeBefore() {
        // The first task makes the first batch; the second and third are batches ahead of it.
        Keeping pool = new Keeping(2, 3);
        Iterator<List<Integer>> batches = new PrefetchedBatches<>(epoch(), 1, pool);
        assertThat(batches.next()).containsExactly(0, 1);
        assertThat(pool.kept).hasSize(2).noneMatch(Future::isCancelled);

        assertThat(Autograd.noGrad(batches::next)).containsExactly(2, 3);

        assertThat(pool.kept).hasSize(2).allMatch(Future::isCancelled);
    }

    @Test
    void workersRecordExactlyWhereTheCallerDoes() {
        Tensor w = Tensor.of(2).requiresGrad(true);
        for (int workers : new int[] {0, 2}) {
            Iterator<Tensor> batches =
                    new DataLoader<>(Dataset.of(6, w::mul), 1).workers(workers).iterator();

            assertThat(Autograd.noGrad(batches::next).requiresGrad()).isFalse();
            assertThat(batches.next().requiresGrad()).isTrue();
            Tensor third = Autograd.noGrad(batches::next);
            assertThat(third.requiresGrad()).isFalse();
            assertThat(third.data().toDoubleArray()).containsExactly(4);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // code without null checks may give null
    void aSampleOrBatchThatIsNullIsNamed() {
        for (int workers : new int[] {0, 2}) {
            thrown(
                            SampleException.class,
                            () -> new DataLoader<>(Dataset.<Tensor>of(3, k -> null), 2)
                                    .workers(workers)
                                    .iterator()
                                    .next())
                    .withMessageStartingWith("DataLoader: ")
                    .withMessageContaining("null");
            thrown(
                            SampleException.class,
                            () -> new DataLoader<>(Dataset.of(3, k -> k), 2, samples -> null)
                                    .workers(workers)
                                    .iterator()
                                    .next())
                    .withMessage(
                            "DataLoader: the batch of samples [0, 1]: the data set or its Collate made null of it");
        }
    }
}
