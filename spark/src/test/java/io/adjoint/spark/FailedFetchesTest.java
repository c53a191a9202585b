package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.shuffle.MetadataFetchFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.Tuple2;

/** Tests that all workers run again, without waiting for a time-out, after one of them could not fetch its rows. */
@ExtendWith(LocalSpark.class)
@Timeout(60)
class FailedFetchesTest {
    private final JavaPairRDD<Integer, Integer> numbers = LocalSpark.context()
            .parallelize(List.of(0, 1), 2)
            .mapToPair(n -> new Tuple2<>(n, n))
            .partitionBy(new HashPartitioner(2));

    private final int shuffle =
            ((ShuffleDependency<?, ?, ?>) numbers.rdd().dependencies().head()).shuffleId();

    /** Fails as Spark does in the first attempt of the task of rank 0. */
    private static void failOnce(int shuffle) throws MetadataFetchFailedException {
        TaskContext task = TaskContext.get();
        if (task.partitionId() == 0 && task.stageAttemptNumber() == 0) {
            throw new MetadataFetchFailedException(shuffle, 0, "an executor was lost");
        }
    }

    @Test
    void beforeItsFunctionRan() {
        int lost = shuffle;
        JavaRDD<Integer> rows = numbers.mapPartitions(own -> {
            failOnce(lost);
            List<Integer> values = new ArrayList<>();
            own.forEachRemaining(pair -> values.add(pair._2()));
            return values.iterator();
        });
        assertThat(attempts(rows, -1)).containsExactly(1, 1);
    }

    @Test
    void whileItsFunctionRan() {
        assertThat(attempts(numbers.values(), shuffle)).containsExactly(1, 1);
    }

    /** The attempts in which the workers succeed, after a function that fails once if it is given a shuffle. */
    private static List<Integer> attempts(JavaRDD<Integer> rows, int lost) {
        return SparkTraining.run(rows, (workers, own) -> {
            if (lost >= 0) {
                failOnce(lost);
            }
            workers.barrier();
            return TaskContext.get().stageAttemptNumber();
        });
    }
}
