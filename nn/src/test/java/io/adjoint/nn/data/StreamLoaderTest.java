package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamLoaderTest {
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

    /** An iterator of the numbers from 0 on, which counts that it was opened and closed. */
    private final class Numbers implements Iterator<Integer>, AutoCloseable {
        private final int end;
        private final AtomicBoolean open = new AtomicBoolean(true);
        private int next;

        Numbers(int end) {
            this.end = end;
            opened.incrementAndGet();
        }

        @Override
        public boolean hasNext() {
            return next < end;
        }

        @Override
        public Integer next() {
            if (!open.get()) {
                throw new IllegalStateException("read after it was closed");
            }
            return next++;
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                closed.incrementAndGet();
            }
        }
    }

    private DataStream<Integer> numbers(int end) {
        return DataStream.of(() -> new Numbers(end));
    }

    private StreamLoader<List<Integer>> pairs(int end, int workers) {
        return numbers(end).batch(2, samples -> samples).workers(workers);
    }

    private static <B> List<B> epoch(Iterable<B> loader) {
        List<B> all = new ArrayList<>();
        loader.forEach(all::add);
        return all;
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    private boolean hasNoWorkers() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(
                        thread -> !before.contains(thread) && thread.getName().equals("adjoint-data-loader"));
    }

    // ---- the end, early or not ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aStreamIsOpenedForEachEpochAndClosedAtItsEnd(int workers) {
        StreamLoader<List<Integer>> loader = pairs(5, workers);
        assertThat(opened).hasValue(0);

        assertThat(epoch(loader)).containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
        assertThat(epoch(loader)).hasSize(3);
        assertThat(opened).hasValue(2);
        assertThat(closed).hasValue(2);
        await("threads end", this::hasNoWorkers);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void anEmptyStreamHasNoBatch(int workers) {
        BatchIterator<List<Integer>> batches = pairs(0, workers).iterator();

        assertThat(batches).isExhausted();
        thrown(NoSuchElementException.class, batches::next)
                .withMessage("StreamLoader: the epoch is over; iterate again for the next one");
        assertThat(closed).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void anIterationThatIsClosedLeavesNoThreadAndNoFile(int workers) {
        StreamLoader<List<Integer>> loader = pairs(Integer.MAX_VALUE, workers);
        BatchIterator<List<Integer>> batches = loader.iterator();
        try (batches) {
            assertThat(batches.next()).containsExactly(0, 1);
        }
        batches.close();

        assertThat(batches).isExhausted();
        thrown(NoSuchElementException.class, batches::next);
        assertThat(batches.position()).isEqualTo(1);
        await("the file is closed", () -> closed.get() == 1);
        await("threads end", this::hasNoWorkers);
        StreamLoader<List<Integer>> other = pairs(Integer.MAX_VALUE, 0);
        other.load(loader.state());
        assertThat(other.iterator().next()).containsExactly(2, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void anIterationThatIsForgottenLeavesNoThreadAndNoFile(int workers) {
        StreamLoader<List<Integer>> loader = pairs(Integer.MAX_VALUE, workers);
        leave(loader);

        await("threads end", this::hasNoWorkers);
        await("the file is closed", () -> {
            System.gc();
            return closed.get() == 1;
        });
    }

    /** Reads one batch and leaves the loop; only this method's frame refers to the iterator, so that it can be collected. */
    private static void leave(StreamLoader<List<Integer>> loader) {
        for (List<Integer> batch : loader) {
            assertThat(batch).containsExactly(0, 1);
            break;
        }
    }

    @Test
    void aThreadThatWaitsForASourceWithoutAnEndIsInterrupted() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        DataStream<Integer> live = DataStream.of(() -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                if (next == 2) {
                    waiting.countDown();
                    try {
                        Thread.sleep(600_000);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                return true;
            }

            @Override
            public Integer next() {
                return next++;
            }
        });
        BatchIterator<List<Integer>> batches =
                live.batch(2, samples -> samples).workers(2).iterator();
        assertThat(batches.next()).as("a batch that is ready is given").containsExactly(0, 1);
        waiting.await();
        assertThat(hasNoWorkers()).isFalse();
        batches.close();

        await("threads end", this::hasNoWorkers);
    }

    @Test
    void workersReadOnlySomeBatchesAhead() {
        AtomicInteger read = new AtomicInteger();
        BatchIterator<List<Integer>> batches = DataStream.of(
                        () -> Stream.generate(read::getAndIncrement).iterator())
                .batch(2, samples -> samples)
                .workers(3)
                .iterator();
        batches.next();
        await("threads end", this::hasNoWorkers);

        // One batch of two samples was taken, and six were read ahead.
        assertThat(read).hasValue(14);
    }

    @Test
    void aStreamOfTheJdkIsClosed() {
        DataStream<Integer> stream =
                DataStream.ofStream(() -> IntStream.range(0, 3).boxed().onClose(closed::incrementAndGet));

        assertThat(epoch(stream)).containsExactly(0, 1, 2);
        assertThat(epoch(stream)).hasSize(3);
        assertThat(closed).hasValue(2);
        try (BatchIterator<Integer> samples = stream.iterator()) {
            assertThat(samples.next()).isZero();
        }
        assertThat(closed).hasValue(3);
    }

    @Test
    void innerStreamsAreClosedOneAfterTheOther() {
        DataStream<Integer> stream = DataStream.of(List.of(2, 0, 3)).flatMap(this::numbers);
        BatchIterator<Integer> samples = stream.iterator();
        for (int expected : new int[] {0, 1, 0}) {
            assertThat(samples.next()).isEqualTo(expected);
        }
        assertThat(opened).hasValue(3);
        assertThat(closed).hasValue(2);
        samples.close();

        assertThat(closed).hasValue(3);
        assertThat(epoch(numbers(2).concat(numbers(1)))).containsExactly(0, 1, 0);
        assertThat(closed).hasValue(5);
    }

    // ---- failures ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aSampleThatCannotBeMadeIsNamedAndItsBatchLeftOut(int workers) {
        BatchIterator<List<Integer>> batches = numbers(7)
                .map(k -> {
                    if (k == 3) {
                        throw new IllegalStateException("broken");
                    }
                    return k;
                })
                .batch(2, samples -> samples)
                .workers(workers)
                .iterator();

        assertThat(batches.next()).containsExactly(0, 1);
        thrown(SampleException.class, batches::next).withMessage("StreamLoader: sample 3 of the epoch: broken");
        assertThat(batches.position()).isEqualTo(2);
        assertThat(batches.next()).containsExactly(4, 5);
        assertThat(batches.next()).containsExactly(6);
        assertThat(batches).isExhausted();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aBatchThatCannotBeMadeIsNamed(int workers) {
        BatchIterator<Tensor> batches = numbers(3)
                .map(k -> Tensor.zeros(k + 1))
                .batch(2)
                .workers(workers)
                .iterator();

        thrown(SampleException.class, batches::next)
                .withMessageStartingWith("StreamLoader: the batch of samples 0 to 1 of the epoch: ");
        assertThat(batches.next().shape()).isEqualTo(Shape.of(1, 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aSourceThatFailsEndsTheIterationWhereItFailedEachTime(int workers) {
        BatchIterator<List<Integer>> batches = numbers(9)
                .filter(k -> {
                    if (k == 5) {
                        throw new UncheckedIOException(new IOException("unplugged"));
                    }
                    return true;
                })
                .batch(2, samples -> samples)
                .workers(workers)
                .iterator();

        assertThat(batches.next()).containsExactly(0, 1);
        assertThat(batches.next()).containsExactly(2, 3);
        for (int k = 0; k < 2; k++) {
            thrown(UncheckedIOException.class, batches::hasNext).withMessageContaining("unplugged");
            thrown(UncheckedIOException.class, batches::next);
        }
        assertThat(batches.position()).isEqualTo(2);
        assertThat(closed).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void anErrorLeavesNoBatchOut(int workers) {
        AtomicBoolean once = new AtomicBoolean(true);
        BatchIterator<List<Integer>> batches = numbers(4)
                .map(k -> {
                    if (k == 0 && once.getAndSet(false)) {
                        throw new OutOfMemoryError("planted");
                    }
                    return k;
                })
                .batch(2, samples -> samples)
                .workers(workers)
                .iterator();

        thrown(OutOfMemoryError.class, batches::next);
        assertThat(epoch(() -> batches)).containsExactly(List.of(0, 1), List.of(2, 3));
    }

    @Test
    void aSourceThatCannotBeClosedIsNoSilentEnd() {
        DataStream<Integer> stream = DataStream.ofStream(() -> Stream.of(1, 2).onClose(() -> {
            throw new IllegalStateException("stuck");
        }));
        BatchIterator<Integer> samples = stream.iterator();
        assertThat(samples.next()).isEqualTo(1);
        assertThat(samples.next()).isEqualTo(2);

        thrown(IllegalStateException.class, samples::hasNext).withMessage("stuck");
    }

    @Test
    void randomNumbersNeedAGenerator() {
        List<DataStream<Integer>> random = List.of(
                numbers(3).shuffle(2),
                numbers(3).augment((k, rng) -> k),
                numbers(3).shuffle(2).map(k -> k),
                numbers(3).concat(numbers(3).shuffle(2)));
        random.forEach(stream ->
                thrown(IllegalStateException.class, stream::iterator).withMessageContaining("batch(n).generator(rng)"));
    }

    @Test
    void wrongSettingsAreRefused() {
        DataStream<Integer> stream = numbers(3);
        refused(() -> stream.shuffle(0))
                .withMessage("DataStream: the size of the shuffle buffer must be at least 1, got 0");
        refused(() -> stream.batch(0, samples -> samples))
                .withMessage("StreamLoader: the batch size must be at least 1, got 0");
        refused(() -> stream.take(-1)).withMessageContaining("got -1");
        refused(() -> stream.skip(-1)).withMessageContaining("got -1");
        refused(() -> pairs(3, 0).workers(-1))
                .withMessage("StreamLoader: the number of workers must be from 0 to 1024, got -1");
    }

    @Test
    void workersRecordExactlyWhereTheCallerDoes() {
        Tensor w = Tensor.of(2).requiresGrad(true);
        for (int workers : new int[] {0, 2}) {
            BatchIterator<Tensor> batches =
                    numbers(6).map(w::mul).batch(1).workers(workers).iterator();

            assertThat(Autograd.noGrad(batches::next).requiresGrad()).isFalse();
            assertThat(batches.next().requiresGrad()).isTrue();
            assertThat(Autograd.noGrad(batches::next).data().toDoubleArray()).containsExactly(4);
        }
    }
}
