package io.adjoint.nn.parallel;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.parallel.WorkerKind.LONG;
import static io.adjoint.nn.parallel.WorkerKind.SHORT;
import static io.adjoint.nn.parallel.WorkerKind.failure;
import static io.adjoint.nn.parallel.WorkerKind.floats;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that any failure of a worker is an error with a clear message in all workers, and that no worker hangs. */
@Timeout(60)
class CollectiveFailureTest {
    private static final NdArray LARGE = NdArray.ones(DType.FLOAT32, Shape.of(5_000_000));

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherOperationNamesBoth(WorkerKind kind) {
        List<String> messages = kind.run(
                3,
                LONG,
                collective -> failure(() -> {
                    NdArray own = floats(1, 2, 3);
                    NdArray unused = collective.rank() == 1 ? collective.allReduce(own) : collective.broadcast(own, 0);
                }));

        assertThat(messages.get(0))
                .startsWith("broadcast 1: rank 1 calls allReduce FLOAT32 [3], rank 0 broadcast FLOAT32 [3] of root 0;"
                        + " all workers must call the same operations in the same order");
        assertThat(messages).allMatch(message -> message.contains("allReduce FLOAT32 [3]"));
    }

    @ParameterizedTest
    @EnumSource
    void otherShapesDtypesRootsAndShardsNameBoth(WorkerKind kind) {
        assertThat(both(
                        kind,
                        collective ->
                                collective.allReduce(NdArray.ones(DType.FLOAT32, Shape.of(2, 3 + collective.rank())))))
                .contains("rank 1 calls allReduce FLOAT32 [2, 4], rank 0 allReduce FLOAT32 [2, 3]");
        assertThat(both(
                        kind,
                        collective -> collective.allReduce(
                                floats(1).to(collective.rank() == 0 ? DType.FLOAT64 : DType.INT32))))
                .contains("rank 1 calls allReduce INT32 [1], rank 0 allReduce FLOAT64 [1]");
        assertThat(both(kind, collective -> collective.broadcast(floats(1), collective.rank())))
                .contains("rank 1 calls broadcast FLOAT32 [1] of root 1, rank 0 broadcast FLOAT32 [1] of root 0");
        assertThat(both(kind, collective -> collective.gather(floats(1), collective.rank())))
                .contains("rank 1 calls gather FLOAT32 [1] at root 1, rank 0 gather FLOAT32 [1] at root 0");
        assertThat(both(kind, collective -> {
                    ShardTree tree = new ShardTree(2 + 2 * collective.rank(), 2);
                    return collective.sum(tree, List.of(floats(1)));
                }))
                .contains("rank 1 calls sum FLOAT32 [1] over shards: 4, rank 0 sum FLOAT32 [1] over shards: 2");
    }

    /** Rank 0's message for a call on which two workers disagree. */
    private static String both(WorkerKind kind, Function<Collective, Object> call) {
        return kind.run(2, LONG, collective -> failure(() -> call.apply(collective)))
                .get(0);
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerThatIsSilentIsNamedWithOperationAndNumber(WorkerKind kind) {
        CountDownLatch over = new CountDownLatch(2);
        List<String> messages = kind.run(3, SHORT, collective -> {
            collective.barrier();
            if (collective.rank() == 2) {
                await(over);
                return failure(() -> collective.allReduce(floats(1, 2, 3)));
            }
            String message = failure(() -> collective.allReduce(floats(1, 2, 3)));
            over.countDown();
            return message;
        });

        String silent =
                "rank 2 sent rank [01] nothing for 2 s; its program has ended, hangs, or calls fewer operations";
        assertThat(messages).allMatch(message -> message.matches("allReduce 2: " + silent));
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerThatEndsEarlierIsNamed(WorkerKind kind) {
        List<String> messages = kind.run(3, LONG, collective -> {
            collective.barrier();
            return collective.rank() == 1 ? "" : failure(() -> collective.allReduce(LARGE));
        });

        assertThat(messages.get(0)).contains("rank 1 has closed its collective, while rank ");
        assertThat(messages.get(2)).contains("rank 1 has closed its collective, while rank ");
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerThatFailsTellsWhy(WorkerKind kind) {
        List<String> messages = kind.run(3, LONG, collective -> {
            collective.barrier();
            if (collective.rank() == 1) {
                collective.fail(new IllegalArgumentException("no data"));
                return failure(collective::barrier);
            }
            return failure(() -> collective.allReduce(floats(1)));
        });

        String reason = "rank 1 failed: java.lang.IllegalArgumentException: no data";
        assertThat(messages)
                .containsExactly(
                        "allReduce 2: " + reason,
                        "barrier: this collective has ended: " + reason,
                        "allReduce 2: " + reason);
    }

    @ParameterizedTest
    @EnumSource
    void aSumOutOfRangeFailsForAllAndSaysWhy(WorkerKind kind) {
        NdArray most = NdArray.of(Shape.of(1), new int[] {Integer.MAX_VALUE});
        List<String> messages = kind.run(2, LONG, collective -> failure(() -> collective.allReduce(most)));

        assertThat(messages).allMatch(message -> message.contains(" failed: java.lang.ArithmeticException: "));
    }

    @ParameterizedTest
    @EnumSource
    void afterAFailureEachCallFailsAtOnce(WorkerKind kind) {
        List<Boolean> results = kind.run(2, LONG, collective -> {
            String first = failure(() -> {
                NdArray unused = collective.broadcast(floats(1), collective.rank());
            });
            for (int k = 0; k < 3; k++) {
                assertThat(failure(() -> collective.allReduce(floats(1))))
                        .isEqualTo("allReduce: this collective has ended: " + first);
            }
            return true;
        });
        assertThat(results).containsExactly(true, true);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsTheOperationOfAll(WorkerKind kind) {
        CompletableFuture<Thread> first = new CompletableFuture<>();
        List<String> messages = kind.run(3, LONG, collective -> {
            if (collective.rank() == 0) {
                first.complete(Thread.currentThread());
                String message = failure(() -> collective.allReduce(LARGE));
                assertThat(Thread.interrupted()).isTrue();
                return message;
            } else if (collective.rank() == 1) {
                Thread interrupted = first.join();
                sleep(50);
                interrupted.interrupt();
            }
            return failure(() -> collective.allReduce(LARGE));
        });

        assertThat(messages).containsOnly("allReduce 1: rank 0 was interrupted");
    }

    @ParameterizedTest
    @EnumSource
    void aWorkerThatIsInterruptedBeforeItComesLastEndsTheOperationOfAll(WorkerKind kind) {
        CompletableFuture<Thread> second = new CompletableFuture<>();
        List<String> messages = kind.run(2, LONG, collective -> {
            if (collective.rank() == 1) {
                second.complete(Thread.currentThread());
                return failure(collective::barrier);
            }
            awaitOperation(second.join());
            Thread.currentThread().interrupt();
            String message = failure(collective::barrier);
            assertThat(Thread.interrupted()).isTrue();
            return message;
        });

        assertThat(messages).containsOnly("barrier 1: rank 0 was interrupted");
    }

    /** Waits until a thread exchanges arrays, that is, until an operation has begun. */
    private static void awaitOperation(Thread caller) {
        while (Arrays.stream(caller.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals("exchange"))) {
            sleep(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherThreadMayCloseButNotCallOperations(WorkerKind kind) {
        CountDownLatch closed = new CountDownLatch(1);
        List<String> messages = kind.run(2, LONG, collective -> {
            if (collective.rank() == 1) {
                await(closed);
                return failure(() -> collective.allReduce(floats(1)));
            }
            AtomicReference<Throwable> second = new AtomicReference<>();
            Thread caller = Thread.currentThread();
            Thread other = new Thread(() -> {
                awaitOperation(caller);
                second.set(Assertions.catchThrowable(collective::barrier));
                collective.close();
            });
            other.start();
            String message = failure(() -> collective.allReduce(floats(1)));
            Assertions.assertThatCode(other::join).doesNotThrowAnyException();
            assertThat(second.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("barrier: another thread is in an operation of this collective");
            closed.countDown();
            return message;
        });
        assertThat(messages).containsOnly("allReduce 1: rank 0 has closed its collective, by another thread");
    }

    @ParameterizedTest
    @EnumSource
    void closingTwiceOrAfterAFailureIsNoError(WorkerKind kind) {
        List<Boolean> results = kind.run(2, LONG, collective -> {
            if (collective.rank() == 0) {
                collective.close();
                collective.close();
                collective.fail(new IllegalStateException("too late"));
                assertThat(failure(collective::barrier))
                        .isEqualTo("barrier: this collective has ended: rank 0 has closed its collective");
            } else {
                assertThat(failure(collective::barrier)).contains("rank 0 has closed its collective");
                collective.close();
            }
            return true;
        });
        assertThat(results).containsExactly(true, true);
    }

    @Test
    void threadsThrowTheFirstFailureWithItsRank() {
        thrown(
                        CollectiveException.class,
                        () -> Collective.threads(3, LONG, collective -> {
                            if (collective.rank() == 2) {
                                throw new UnsupportedOperationException("own");
                            }
                            return collective.allReduce(floats(1));
                        }))
                .withMessage("threads: rank 2 failed: java.lang.UnsupportedOperationException: own")
                .withCauseInstanceOf(UnsupportedOperationException.class)
                .satisfies(failure -> assertThat(failure.getSuppressed()).isEmpty());
    }

    @Test
    void threadsReturnNullsAndEndTheirThreads() {
        assertThat(Collective.threads(3, collective -> collective.rank() == 1 ? null : "a"))
                .isEqualTo(Arrays.asList("a", null, "a"));
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("adjoint-worker"));
    }

    @Test
    void anInterruptOfWhoeverRunsThreadsEndsThem() {
        Thread runner = Thread.currentThread();
        thrown(
                        IllegalStateException.class,
                        () -> Collective.threads(2, LONG, collective -> {
                            if (collective.rank() == 0) {
                                runner.interrupt();
                                collective.barrier();
                            } else {
                                sleepUnlessInterrupted();
                            }
                            return true;
                        }))
                .withMessageContaining("rank 0");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void sleepUnlessInterrupted() {
        try {
            Thread.sleep(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void timeoutsThatAreNoneAreRefused() {
        for (Duration none : List.of(
                Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(Long.MIN_VALUE), Duration.ofDays(30_000))) {
            refused(() -> Collective.threads(1, none, collective -> 1))
                    .withMessageContaining("threads: the timeout must be at least a millisecond");
        }
    }
}
