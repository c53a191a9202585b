package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings of Spark under which workers can't train, and workers that keep the others waiting. */
@Timeout(300)
class GuardsTest {
    @AfterEach
    void stop() {
        LocalSpark.session().stop();
    }

    /** Numbers in two partitions, in a session with the given setting. */
    private static JavaRDD<Integer> numbers(String setting, String value) {
        LocalSpark.session().stop();
        SparkSession unused = LocalSpark.settings("local[2]")
                .config("spark.stage.maxConsecutiveAttempts", "2")
                .config(setting, value)
                .getOrCreate();
        return LocalSpark.context().parallelize(List.of(1, 2), 2);
    }

    @Test
    void dynamicAllocationIsRefusedBeforeATaskStarts() {
        JavaRDD<Integer> numbers = numbers("spark.dynamicAllocation.enabled", "true");
        assertThatThrownBy(() -> SparkTraining.run(numbers, (workers, rows) -> 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "SparkTraining: workers need executors that stay, but spark.dynamicAllocation.enabled is true;"
                                + " set it to false, and spark.executor.instances to the number of executors");
    }

    @Test
    void aWorkerThatKeepsTheOthersWaitingIsInterruptedAndAllRunAgain(@TempDir Path folder) throws Exception {
        String told = folder.resolve("told").toString();
        List<Integer> attempts = SparkTraining.run(numbers("spark.adjoint.timeout", "30s"), (workers, rows) -> {
            int attempt = BarrierTaskContext.get().stageAttemptNumber();
            if (attempt == 0 && workers.rank() == 1) {
                Thread.sleep(Duration.ofHours(1).toMillis());
            }
            try {
                workers.barrier();
            } catch (RuntimeException e) {
                Files.writeString(Path.of(told), String.valueOf(e.getMessage()));
                throw e;
            }
            return attempt;
        });
        assertThat(attempts).containsExactly(1, 1);
        assertThat(Path.of(told)).content().startsWith("barrier 1: rank 1 sent rank 0 nothing for 30 s");
    }

    @Test
    void aWorkerThatIsAlwaysTooSlowEndsTheJobWithOneSentence() {
        JavaRDD<Integer> numbers = numbers("spark.adjoint.timeout", "5s");
        assertThatThrownBy(() -> SparkTraining.run(numbers, (workers, rows) -> {
                    if (workers.rank() == 1) {
                        Thread.sleep(Duration.ofHours(1).toMillis());
                    }
                    workers.barrier();
                    return 0;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(SparkException.class)
                .hasMessageMatching(
                        "SparkTraining: workers were lost 2 times \\(spark.stage.maxConsecutiveAttempts\\), the last time"
                                + " because: (barrier 1: rank 1 sent rank 0 nothing for 5 s|connect: ).*");
    }

    @Test
    void aWorkerThatGoesOnAfterTheOthersHaveEndedIsInterrupted() {
        JavaRDD<Integer> numbers = numbers("spark.adjoint.timeout", "5s");
        assertThatThrownBy(() -> SparkTraining.run(numbers, (workers, rows) -> {
                    if (workers.rank() == 0) {
                        Thread.sleep(Duration.ofHours(1).toMillis());
                    }
                    if (BarrierTaskContext.get().stageAttemptNumber() > 0) {
                        throw new ArithmeticException("row " + rows.next());
                    }
                    return 0;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "SparkTraining: workers were lost 2 times .*, the last time because: (others did not end"
                                + " within 5 s after this worker, which failed: java.lang.ArithmeticException: row 2|connect: ).*");
    }

    @Test
    void aTrainingWaitsWhileAnotherJobHasTheSlots() throws Exception {
        JavaRDD<Integer> numbers = numbers("spark.scheduler.mode", "FAIR");
        WorkerFunction<Integer, Integer> slow = (workers, rows) -> {
            workers.barrier();
            Thread.sleep(500);
            workers.barrier();
            return BarrierTaskContext.get().stageAttemptNumber();
        };
        List<CompletableFuture<List<Integer>>> jobs = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> SparkTraining.run(numbers, slow), command -> new Thread(command).start()))
                .limit(3)
                .toList();
        for (CompletableFuture<List<Integer>> job : jobs) {
            assertThat(job.get()).containsExactly(0, 0);
        }
    }
}
