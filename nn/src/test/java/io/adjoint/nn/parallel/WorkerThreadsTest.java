package io.adjoint.nn.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Tests the threads in which workers run. */
class WorkerThreadsTest {
    @Test
    void theLoopsOfAWorkerUseItsOwnThreadAlone() {
        List<Set<String>> names = Collective.threads(3, worker -> {
            assertThat(ForkJoinTask.getPool().getParallelism()).isEqualTo(1);
            return IntStream.range(0, 1000)
                    .parallel()
                    .mapToObj(k -> Thread.currentThread().getName())
                    .collect(Collectors.toSet());
        });
        assertThat(names)
                .containsExactly(Set.of("adjoint-worker-0"), Set.of("adjoint-worker-1"), Set.of("adjoint-worker-2"));
    }

    @Test
    void aWorkerMayComputeInAnotherPool() {
        List<Double> sums = Collective.threads(2, worker -> {
            ForkJoinPool pool = new ForkJoinPool(2);
            try {
                return pool.submit(() -> worker.allReduce(NdArray.scalar(
                                        DType.FLOAT64, ForkJoinTask.getPool().getParallelism()))
                                .item())
                        .join();
            } finally {
                pool.shutdown();
            }
        });
        assertThat(sums).containsExactly(4.0, 4.0);
    }

    @Test
    void aWorkersClassesAreThoseOfItsCaller() {
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        ClassLoader loader = new ClassLoader(before) {};
        caller.setContextClassLoader(loader);
        try {
            assertThat(Collective.threads(2, worker -> Thread.currentThread().getContextClassLoader()))
                    .containsOnly(loader);
        } finally {
            caller.setContextClassLoader(before);
        }
    }

    @RepeatedTest(20) // in some runs the second worker's thread has not begun
    void anInterruptOfTheCallerIsOneOfTheWorkers() throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        Thread[] caller = new Thread[1];
        caller[0] = new Thread(() -> failure[0] = catchThrowable(() -> Collective.threads(2, worker -> {
            if (worker.rank() == 0) {
                caller[0].interrupt();
            }
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            throw new IllegalStateException("interrupted");
        })));
        caller[0].start();
        caller[0].join(60_000);
        assertThat(failure[0]).isInstanceOf(CollectiveException.class).hasMessageContaining("interrupted");
    }
}
