package io.adjoint.core.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

// Each test runs in a thread of its own, since an interrupt, by which the timeout would end it otherwise, does not end
// a loop that hangs.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParallelTest {
    private static final int BLOCKS = 200;

    private final ForkJoinPool single = new ForkJoinPool(1);
    private final ForkJoinPool several = new ForkJoinPool(4);

    /** Runs a body, which starts a loop, in a thread of some pool or of none. */
    @FunctionalInterface
    interface Caller {
        void call(Runnable body);
    }

    Caller[] callers() {
        return new Caller[] {
            Runnable::run,
            body -> single.submit(body).join(),
            body -> several.submit(body).join(),
            body -> ForkJoinPool.commonPool().submit(body).join()
        };
    }

    @AfterAll
    void shutDown() {
        single.shutdown();
        several.shutdown();
    }

    /** Prints the number of threads of a loop. */
    static final class Threads {
        public static void main(String[] args) {
            System.out.print(Parallel.threads());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "4, 4"})
    void aLoopHasAThreadForEachProcessor(int processors, String threads) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ActiveProcessorCount=" + processors,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Threads.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(threads);
        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest
    @MethodSource("callers")
    void eachElementIsCoveredOnceByBlocksOfTheSizeAskedFor(Caller caller) {
        AtomicIntegerArray covered = new AtomicIntegerArray(7 * BLOCKS + 3);
        AtomicIntegerArray begun = new AtomicIntegerArray(BLOCKS + 1);
        caller.call(() -> Parallel.ranges(covered.length(), 7, (from, to) -> {
            assertThat(to).isEqualTo(Math.min(from + 7, covered.length()));
            begun.incrementAndGet(from / 7);
            for (int k = from; k < to; k++) {
                covered.incrementAndGet(k);
            }
        }));
        assertOnes(covered);
        assertOnes(begun);
    }

    @Test
    void aLoopOfOneRangeRunsInTheCallersThreadAndALoopOverNothingDoesNotRun() {
        List<Object> seen = new ArrayList<>();
        Parallel.ranges(5, 5, (from, to) -> seen.addAll(List.of(from, to, Thread.currentThread())));
        Parallel.ranges(0, 5, (from, to) -> seen.add(from));
        assertThat(seen).containsExactly(0, 5, Thread.currentThread());
    }

    @ParameterizedTest
    @MethodSource("callers")
    void whatABlockThrowsIsThrownToTheCallerAsThatObjectAndTheNextLoopRuns(Caller caller) {
        Throwable[] thrown = {
            new IllegalStateException("a block"), new OutOfMemoryError("a block"), new AssertionError("a block")
        };
        for (Throwable failure : thrown) {
            for (int failing : new int[] {0, 1, BLOCKS / 2, BLOCKS - 1}) {
                caller.call(() -> assertThat(catchThrowable(() -> Parallel.ranges(BLOCKS, 1, (from, to) -> {
                            if (from == failing) {
                                throwUnchecked(failure);
                            }
                        })))
                        .isSameAs(failure));
                eachElementIsCoveredOnceByBlocksOfTheSizeAskedFor(caller);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("callers")
    void afterAFailureNoBlockBeginsAndTheLoopEndsWhenThoseUnderWayHave(Caller caller) {
        AtomicIntegerArray begun = new AtomicIntegerArray(2);
        caller.call(() -> assertThat(catchThrowable(() -> Parallel.ranges(5_000, 1, (from, to) -> {
                    begun.incrementAndGet(0);
                    try {
                        if (from == 10) {
                            throw new OutOfMemoryError();
                        }
                        pause();
                    } finally {
                        begun.incrementAndGet(1);
                    }
                })))
                .isInstanceOf(OutOfMemoryError.class));
        int ended = begun.get(1);
        assertThat(begun.get(0)).isEqualTo(ended).isLessThan(1000);
    }

    @Test
    void aHelpersFailureReachesACallerThatWaitsForItsBlock() {
        OutOfMemoryError failure = new OutOfMemoryError();
        several.submit(() -> {
                    Thread caller = Thread.currentThread();
                    CountDownLatch helped = new CountDownLatch(1);
                    assertThat(catchThrowable(() -> Parallel.ranges(2, 1, (from, to) -> {
                                if (Thread.currentThread() == caller) {
                                    await(helped);
                                } else {
                                    helped.countDown();
                                    pause();
                                    throw failure;
                                }
                            })))
                            .isSameAs(failure);
                })
                .join();
    }

    @ParameterizedTest
    @MethodSource("callers")
    void loopsInLoopsRunAndFailAsOneLoopDoes(Caller caller) {
        AtomicIntegerArray covered = new AtomicIntegerArray(BLOCKS * 50);
        caller.call(() -> Parallel.ranges(
                BLOCKS,
                1,
                (from, to) -> Parallel.ranges(50, 3, (inner, end) -> {
                    for (int k = inner; k < end; k++) {
                        covered.incrementAndGet(from * 50 + k);
                    }
                })));
        assertOnes(covered);
        Error failure = new AssertionError("an inner block");
        caller.call(() -> assertThat(catchThrowable(() -> Parallel.ranges(
                        BLOCKS,
                        1,
                        (from, to) -> Parallel.ranges(50, 3, (inner, end) -> {
                            if (from == BLOCKS / 2 && inner == 48) {
                                throw failure;
                            }
                        }))))
                .isSameAs(failure));
    }

    @Test
    void aPoolWhoseOtherThreadsAreBusyOrThatIsShutDownStillRunsLoops() {
        ForkJoinPool pool = new ForkJoinPool(2);
        CountDownLatch end = new CountDownLatch(1);
        ForkJoinTask<?> busy = pool.submit(() -> await(end));
        pool.submit(() -> {
                    for (int k = 0; k < 10_000; k++) {
                        Parallel.ranges(3, 1, (from, to) -> {});
                    }
                    assertThat(pool.getQueuedTaskCount()).isZero();
                    pool.shutdown();
                    Parallel.ranges(3, 1, (from, to) -> {});
                })
                .join();
        end.countDown();
        busy.join();
    }

    @Test
    void anInterruptNeitherEndsALoopNorIsLost() {
        several.submit(() -> {
                    Thread caller = Thread.currentThread();
                    CountDownLatch helped = new CountDownLatch(1);
                    AtomicIntegerArray ended = new AtomicIntegerArray(1);
                    Parallel.ranges(2, 1, (from, to) -> {
                        if (Thread.currentThread() == caller) {
                            await(helped);
                        } else {
                            helped.countDown();
                            caller.interrupt();
                            pause();
                        }
                        ended.incrementAndGet(0);
                    });
                    assertThat(ended.get(0)).isEqualTo(2);
                    assertThat(Thread.interrupted()).isTrue();
                })
                .join();
    }

    @Test
    void aTaskThatTheLoopLeavesInAQueueKeepsNoArrays() throws InterruptedException {
        ForkJoinPool pool = new ForkJoinPool(2);
        CountDownLatch occupied = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        ForkJoinTask<?> occupation = pool.submit(() -> {
            occupied.countDown();
            await(done);
        });
        occupied.await();
        try {
            assertThat(pool.submit(() -> isReleased(arrayOfALoopBelowOtherTasks()))
                            .join())
                    .isTrue();
        } finally {
            done.countDown();
            occupation.join();
            pool.shutdown();
        }
    }

    @Test
    void loopsThatSeveralThreadsBeginAtATimeShareTheHelpersThatWait() {
        IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.runAsync(
                        () -> {
                            for (int k = 0; k < 2_000; k++) {
                                AtomicIntegerArray covered = new AtomicIntegerArray(k % 9 + 1);
                                Parallel.ranges(covered.length(), 1, (from, to) -> covered.incrementAndGet(from));
                                assertOnes(covered);
                            }
                        },
                        thread < 2 ? task -> new Thread(task).start() : ForkJoinPool.commonPool()))
                .toList()
                .forEach(CompletableFuture::join);
    }

    @Test
    void aHelperKeepsNoArraysOfAnEndedLoop() {
        assertThat(isReleased(arrayOfALoop())).isTrue();
    }

    @Test
    void helpersWaitForTheNextLoopForAFewMillisecondsAtMost() {
        long[] waits = new long[9];
        for (int k = 0; k < waits.length; k++) {
            assertThat(arrayOfALoop()).isNotNull();
            long start = System.nanoTime();
            assertThat(ForkJoinPool.commonPool().awaitQuiescence(10, TimeUnit.SECONDS))
                    .isTrue();
            waits[k] = System.nanoTime() - start;
        }
        assertThat(Arrays.stream(waits).min().getAsLong()).isLessThan(5_000_000);
    }

    private static WeakReference<int[]> arrayOfALoop() {
        int[] array = new int[BLOCKS];
        for (int k = 0; k < 50; k++) {
            Parallel.ranges(array.length, 1, (from, to) -> array[from]++);
        }
        assertThat(array).containsOnly(50);
        return new WeakReference<>(array);
    }

    /**
     * Runs a loop whose blocks fork tasks: in the thread's queue, the loop's own task lies below these tasks, so the loop can't take it
     * back.
     */
    private static WeakReference<int[]> arrayOfALoopBelowOtherTasks() {
        int[] array = new int[4];
        Parallel.ranges(array.length, 1, (from, to) -> {
            array[from] = 1;
            ForkJoinTask.adapt(() -> {}).fork();
        });
        assertThat(array).containsOnly(1);
        return new WeakReference<>(array);
    }

    private static boolean isReleased(WeakReference<?> reference) {
        // A helper that is about to leave the loop may not get a processor for a while.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (reference.get() != null && System.nanoTime() - end < 0) {
            System.gc();
            LockSupport.parkNanos(1_000_000);
        }
        return reference.get() == null;
    }

    private static void assertOnes(AtomicIntegerArray counts) {
        assertThat(IntStream.range(0, counts.length()).map(counts::get)).containsOnly(1);
    }

    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            interrupted |= Thread.interrupted();
            Thread.onSpinWait();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Spins for a millisecond, long enough for another thread to come to the end of its loop. */
    private static void pause() {
        long end = System.nanoTime() + 1_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwUnchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
