package io.adjoint.spark;

import io.adjoint.nn.parallel.ConnectOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;
import scala.reflect.ClassTag;

/**
 * Runs workers as tasks of a Spark job that start together and exchange arrays by their
 * {@link io.adjoint.nn.parallel.Collective}.
 *
 * <pre>{@code
 * List<byte[]> weights = SparkTraining.run(rows.repartition(4), (workers, own) -> {
 *     Layer model = network(new Generator(1));
 *     Trainer<Batch> trainer = ….parallel(workers, 8);
 *     …
 * });
 * }</pre>
 *
 * <p>There is a worker for each partition, and each needs a slot of the cluster (a core, unless {@code spark.task.cpus} says otherwise)
 * for all of the time. If an executor is lost, Spark runs all workers again, up to {@code spark.stage.maxConsecutiveAttempts} times in all;
 * a function that shall not begin anew then resumes from a checkpoint in a file system that all executors see. A function that throws on
 * any worker ends the job, but for an {@link java.io.IOException} and what is its consequence, after which Spark tries again.
 *
 * <p>Arrays go from executor to executor by sockets at ports that the system chooses, not encrypted. Executors prove to each other that
 * they belong to the job by a secret, which reaches them within the task; Spark encrypts that only where
 * {@code spark.network.crypto.enabled} or {@code spark.ssl.rpc.enabled} is set.
 */
public final class SparkTraining {
    /** The time for executors to register, which those of a cluster that starts need. */
    private static final long REGISTRATION_SECONDS = 60;

    private SparkTraining() {}

    /**
     * Runs a function on as many workers as there are partitions.
     *
     * @return the results, by rank
     * @throws IllegalStateException if dynamic allocation is on, or there are fewer slots than workers after a minute; no task was
     *     started
     * @throws WorkerException if the function fails on a worker
     */
    public static <T, R> List<R> run(JavaRDD<T> rows, WorkerFunction<T, R> function) {
        requireSlots(rows.context(), rows.getNumPartitions());
        WorkerTask<T, R> task = new WorkerTask<>(function, ConnectOptions.newSecret());
        JavaRDD<Tuple2<Integer, byte[]>> tasks = rows.rdd()
                .barrier()
                .mapPartitions(task, false, ClassTag.<Tuple2<Integer, byte[]>>apply(Tuple2.class))
                .toJavaRDD();
        // Spark runs the tasks of a barrier stage again only if a shuffle comes after it.
        Map<Integer, byte[]> all = JavaPairRDD.fromJavaRDD(tasks)
                .partitionBy(new HashPartitioner(1))
                .collectAsMap();
        List<R> results = new ArrayList<>();
        for (byte[] bytes : new TreeMap<>(all).values()) {
            WorkerTask.Result<R> result = WorkerTask.Result.of(bytes);
            if (result.failure() != null) {
                throw result.failure();
            }
            results.add(result.value());
        }
        return Collections.unmodifiableList(results);
    }

    private static void requireSlots(SparkContext context, int workers) {
        SparkConf conf = context.getConf();
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            throw new IllegalStateException(
                    "SparkTraining: workers need executors that stay, but spark.dynamicAllocation.enabled is true;"
                            + " set it to false, and spark.executor.instances to the number of executors");
        }
        long waiting = context.isLocal() && !context.master().startsWith("local-cluster") ? 0 : REGISTRATION_SECONDS;
        long end = System.nanoTime() + waiting * 1_000_000_000L;
        int slots = slots(context);
        while (slots < workers && System.nanoTime() < end) {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            slots = slots(context);
        }
        if (slots < workers) {
            throw new IllegalStateException("SparkTraining: " + workers + " workers run at the same time, but "
                    + context.master() + " has slots for " + slots
                    + " tasks; use fewer workers (repartition the rows), or more cores");
        }
    }

    private static int slots(SparkContext context) {
        return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    }
}
