package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that each thread, of any kind, has a state of recording of its own, and that parameters that threads share lose no gradient. */
class ThreadsTest {
    private static final int TASKS = 200;

    /** The kinds of threads that run the tasks. */
    enum Threads {
        /** There are fewer threads than tasks, so a task would find a state that the task before it has left in the thread. */
        POOL {
            @Override
            ExecutorService start() {
                return Executors.newFixedThreadPool(4);
            }
        },
        FORK_JOIN {
            @Override
            ExecutorService start() {
                return new ForkJoinPool(4);
            }
        },
        THREAD_EACH {
            @Override
            ExecutorService start() {
                return Executors.newCachedThreadPool();
            }
        },
        /** Virtual threads, from Java 21 on: many tasks take turns on a few carrier threads. */
        VIRTUAL {
            @Override
            ExecutorService start() throws ReflectiveOperationException {
                assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
                return (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
            }
        };

        abstract ExecutorService start() throws ReflectiveOperationException;
    }

    @Test
    void anotherThreadMayFreezeAnInputWhileOperationsReadIt() throws InterruptedException {
        Tensor frozen = Tensor.of(1, 2).requiresGrad(true);
        Tensor x = Tensor.of(3, 4).requiresGrad(true);
        AtomicBoolean isDone = new AtomicBoolean();
        Thread other = new Thread(() -> {
            while (!isDone.get()) {
                frozen.freeze();
                frozen.unfreeze();
            }
        });
        other.start();
        try {
            for (int k = 0; k < 100_000; k++) {
                assertThat(Autograd.grad(frozen.mul(x).sum(), x).shape()).isEqualTo(x.shape());
            }
        } finally {
            isDone.set(true);
            other.join();
        }
    }

    private static <T> List<T> runAll(Threads threads, Callable<T> task) throws Exception {
        ExecutorService executor = threads.start();
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int k = 0; k < TASKS; k++) {
                futures.add(executor.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdown();
        }
    }

    /** Lets other tasks run; a virtual thread leaves its carrier thread, and may continue on another one. */
    private static void giveWay() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1, 100_000));
    }

    /** Fails if a task finds anything but the initial state. */
    private static void requireInitialState() {
        assertThat(Autograd.isRecording()).isTrue();
        assertThat(Debug.isTracing()).isFalse();
        Tensor x = Tensor.scalar(2).requiresGrad(true);
        assertThat(x.square().requiresGrad()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whetherToRecordIsEachTasksOwn(Threads threads) throws Exception {
        List<Boolean> results = runAll(threads, () -> {
            requireInitialState();
            Tensor x = Tensor.scalar(3).requiresGrad(true);
            return Autograd.noGrad(() -> {
                giveWay();
                boolean off = !x.square().requiresGrad();
                boolean on = Autograd.enableGrad(() -> {
                    giveWay();
                    return x.square().requiresGrad();
                });
                giveWay();
                return off && on && !Autograd.isRecording();
            });
        });
        assertThat(results).hasSize(TASKS).containsOnly(true);
    }

    @ParameterizedTest
    @EnumSource
    void debuggingAndViewsAreEachTasksOwn(Threads threads) throws Exception {
        List<Boolean> results = runAll(threads, () -> {
            requireInitialState();
            boolean own = ThreadLocalRandom.current().nextBoolean();
            if (!own) {
                giveWay();
                // If the state were shared, the detectNaN of another task would make this infinity an exception.
                Tensor pole = Tensor.scalar(0).requiresGrad(true).reciprocal();
                requireInitialState();
                return Double.isInfinite(pole.item());
            }
            assertThatThrownBy(() -> Debug.detectNaN(() -> {
                        giveWay();
                        return Tensor.scalar(0).requiresGrad(true).reciprocal();
                    }))
                    .isInstanceOf(NaNException.class);
            requireInitialState();
            return Debug.traced(() -> {
                giveWay();
                return Debug.isTracing();
            });
        });
        assertThat(results).hasSize(TASKS).containsOnly(true);
    }

    @ParameterizedTest
    @EnumSource
    void aTapeHasTheStepsOfItsOwnTaskOnly(Threads threads) throws Exception {
        List<Boolean> results = runAll(threads, () -> {
            Tape tape = new Tape(name -> false);
            Tensor x = Tensor.scalar(0.5);
            Tensor taped = ThreadState.current().taping(tape, () -> {
                giveWay();
                return x.tanh();
            });
            Tensor later = x.exp();
            requireInitialState();
            return tape.of(Tape.key(taped)) != null && tape.of(Tape.key(later)) == null;
        });
        assertThat(results).hasSize(TASKS).containsOnly(true);
    }

    /** A task that fails while all settings of the thread's thread are changed. */
    private static boolean fails() {
        Autograd.runWithoutGrad(() -> Debug.detectNaN(() -> Debug.within(
                "layer",
                () -> Autograd.enableGrad(() -> ThreadState.current().taping(new Tape(name -> false), () -> {
                    giveWay();
                    throw new IllegalStateException("on purpose");
                })))));
        return true;
    }

    @ParameterizedTest
    @EnumSource
    void afterAnExceptionEverythingIsAsBefore(Threads threads) throws Exception {
        List<Boolean> results = runAll(threads, () -> {
            requireInitialState();
            assertThatThrownBy(ThreadsTest::fails).hasMessage("on purpose");
            requireInitialState();
            Tensor x = Tensor.scalar(1).requiresGrad(true);
            Tensor broken = Autograd.op("broken", x.data(), Edge.edge(x, g -> {
                giveWay();
                throw new IllegalStateException("in the rule");
            }));
            assertThatThrownBy(broken::backward).hasMessageContaining("in the rule");
            requireInitialState();
            return x.grad() == null;
        });
        assertThat(results).hasSize(TASKS).containsOnly(true);
        // Here the tasks don't catch the exception; the next tasks on their threads must find the initial state as
        // well.
        assertThatThrownBy(() -> runAll(threads, ThreadsTest::fails))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("on purpose");
    }

    /** A loss of whole numbers, so that sums of its gradients are exact in any order. */
    private static Tensor loss(Tensor w, Tensor b) {
        Tensor x = Tensor.of(NdArray.of(Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
        return x.matmul(w).add(b).square().sum().add(w.mul(w).sum());
    }

    @ParameterizedTest
    @EnumSource
    void sharedParametersReceiveEveryContributionExactly(Threads threads) throws Exception {
        Tensor w = Tensor.of(NdArray.of(Shape.of(3, 2), 1, -2, 0, 3, 2, -1)).requiresGrad(true);
        Tensor b = Tensor.of(1, -1).requiresGrad(true);
        loss(w, b).backward();
        NdArray onceW = Leaves.gradient(w).copy();
        NdArray onceB = Leaves.gradient(b).copy();
        w.zeroGrad();
        b.zeroGrad();

        List<Boolean> asked = runAll(threads, () -> {
            Tensor loss = loss(w, b);
            giveWay();
            Gradients gradients = Autograd.gradients(loss);
            loss(w, b).backward();
            return gradients.of(w).data().equals(onceW)
                    && gradients.of(b).data().equals(onceB);
        });

        NdArray times = NdArray.scalar(w.dtype(), TASKS);
        assertThat(asked).hasSize(TASKS).containsOnly(true);
        assertThat(Leaves.gradient(w)).isEqualTo(onceW.mul(times));
        assertThat(Leaves.gradient(b)).isEqualTo(onceB.mul(times));
    }
}
