package io.adjoint.core.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScratchPoolTest {
    private static final int RANGES = 500;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void rangesThatRunAtTheSameTimeHaveDifferentScratch(int threads) {
        AtomicInteger allocated = new AtomicInteger();
        ScratchPool<AtomicBoolean> pool = new ScratchPool<>(() -> {
            allocated.incrementAndGet();
            return new AtomicBoolean();
        });
        run(
                threads,
                () -> Parallel.ranges(RANGES, 1, (from, to) -> {
                    AtomicBoolean inUse = pool.take();
                    assertThat(inUse.getAndSet(true)).isFalse();
                    // The inner loop gives other threads the time to begin ranges of the outer loop.
                    Parallel.ranges(3, 1, (first, end) -> LockSupport.parkNanos(1000));
                    inUse.set(false);
                    pool.giveBack(inUse);
                }));
        assertThat(allocated.get()).isBetween(1, threads);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void scratchOfARangeThatFailsIsNotUsedAgain(int threads) {
        ScratchPool<double[]> pool = new ScratchPool<>(() -> new double[1]);
        IllegalStateException failure = new IllegalStateException("half done");
        run(threads, () -> {
            Throwable thrown = catchThrowable(() -> Parallel.ranges(RANGES, 1, (from, to) -> {
                double[] scratch = pool.take();
                assertThat(scratch[0]).isZero();
                scratch[0] = 1;
                if (from == RANGES / 2) {
                    throw failure;
                }
                scratch[0] = 0;
                pool.giveBack(scratch);
            }));
            assertThat(thrown).isSameAs(failure);
            for (int k = 0; k <= threads; k++) {
                assertThat(pool.take()[0]).isZero();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aFailureToAllocateIsThrownToTheCallerAndTheNextLoopRuns(int threads) {
        OutOfMemoryError failure = new OutOfMemoryError("scratch");
        ScratchPool<Object> pool = new ScratchPool<>(() -> {
            throw failure;
        });
        AtomicInteger covered = new AtomicInteger();
        run(threads, () -> {
            assertThat(catchThrowable(() -> Parallel.ranges(RANGES, 1, (from, to) -> pool.giveBack(pool.take()))))
                    .isSameAs(failure);
            Parallel.ranges(RANGES, 1, (from, to) -> covered.addAndGet(to - from));
        });
        assertThat(covered).hasValue(RANGES);
    }

    private static void run(int threads, Runnable body) {
        ForkJoinPool workers = new ForkJoinPool(threads);
        try {
            workers.submit(body).join();
        } finally {
            workers.shutdown();
        }
    }
}
