package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.parallel.CollectiveException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;

/** Workers that are tasks of Spark in one JVM. */
class SparkTrainingTest {
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final AtomicReference<String> TOLD = new AtomicReference<>("");

    private static JavaRDD<Integer> numbers(int workers) {
        return LocalSpark.context().parallelize(List.of(1, 2, 3, 4, 5), workers);
    }

    @Test
    void eachWorkerHasItsRowsAndAllExchangeArrays() {
        List<String> results = SparkTraining.run(numbers(2), (workers, rows) -> {
            List<Integer> own = new ArrayList<>();
            rows.forEachRemaining(own::add);
            NdArray sum = workers.allReduce(NdArray.scalar(
                    DType.FLOAT64, own.stream().mapToDouble(k -> k).sum()));
            return workers.rank() + " of " + workers.size() + " " + own + " " + sum.item();
        });
        assertThat(results).containsExactly("0 of 2 [1, 2] 15.0", "1 of 2 [3, 4, 5] 15.0");
    }

    @Test
    void aFunctionThatFailsEndsAllWorkersAtOnceAndIsNotTriedAgain() {
        RUNS.set(0);
        assertThatThrownBy(() -> SparkTraining.run(numbers(2), (workers, rows) -> {
                    RUNS.incrementAndGet();
                    if (workers.rank() == 1) {
                        throw new ArithmeticException("row " + rows.next());
                    }
                    try {
                        workers.barrier();
                    } catch (CollectiveException e) {
                        TOLD.set(e.getMessage());
                        throw e;
                    }
                    return 0;
                }))
                .isInstanceOf(WorkerException.class)
                .hasMessage("worker 1 failed: java.lang.ArithmeticException: row 3")
                .hasCauseInstanceOf(ArithmeticException.class);
        assertThat(RUNS).hasValue(2);
        assertThat(TOLD.get()).contains("rank 1 failed: java.lang.ArithmeticException: row 3");
    }

    @Test
    void aClassThatIsMissingEndsAllWorkersAtOnce() {
        RUNS.set(0);
        assertThatThrownBy(() -> SparkTraining.run(numbers(2), (workers, rows) -> {
                    RUNS.incrementAndGet();
                    if (workers.rank() == 0) {
                        throw new NoClassDefFoundError("my/Layer");
                    }
                    workers.barrier();
                    return 0;
                }))
                .isInstanceOf(WorkerException.class)
                .hasMessage("worker 0 failed: java.lang.NoClassDefFoundError: my/Layer");
        assertThat(RUNS).hasValue(2);
    }

    @Test
    void aFailureThatMayPassIsTriedAgainByAllWorkers() {
        List<Integer> attempts = SparkTraining.run(numbers(2), (workers, rows) -> {
            int attempt = BarrierTaskContext.get().stageAttemptNumber();
            if (attempt == 0 && workers.rank() == 0) {
                throw new java.io.IOException("the disk is full for a moment");
            }
            workers.barrier();
            return attempt;
        });
        assertThat(attempts).containsExactly(1, 1);
    }

    @Test
    void aWorkerThatEndsBeforeTheOthersIsNamedByAllWorkers() {
        assertThatThrownBy(() -> SparkTraining.run(numbers(2), (workers, rows) -> {
                    if (workers.rank() == 0) {
                        workers.barrier();
                    }
                    return 0;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the last time because: ")
                .hasMessageContaining("rank 1");
    }

    @Test
    void moreWorkersThanSlotsAreRefusedAtOnce() {
        assertThatThrownBy(() -> SparkTraining.run(numbers(3), (workers, rows) -> 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "SparkTraining: 3 workers run at the same time, but local[2] has slots for 2 tasks; use fewer"
                                + " workers (setWorkers, or fewer partitions of the rows), or more cores");
    }

    @Test
    void aResultThatCannotBeSentIsAFailure() {
        assertThatThrownBy(() -> SparkTraining.run(numbers(1), (workers, rows) -> new Object()))
                .isInstanceOf(WorkerException.class)
                .hasMessageContaining("the result of a worker can't be sent")
                .hasMessageContaining("java.lang.Object");
    }
}
