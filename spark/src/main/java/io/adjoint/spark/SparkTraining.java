package io.adjoint.spark;

import io.adjoint.nn.parallel.ConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import scala.Tuple2;
import scala.reflect.ClassTag;

/**
 * Runs workers as tasks of a Spark job that start together and exchange arrays by their
 * {@link io.adjoint.nn.parallel.Collective}.
 *
 * <pre>{@code
 * List<double[]> results = SparkTraining.run(rows.repartition(4), (workers, own) -> {
 *     NdArray mine = array(own);                              // of this partition
 *     List<NdArray> all = workers.allGather(mine);            // of all workers, by rank
 *     Layer model = network(new Generator(1));
 *     trainer(model).parallel(workers, 8).fit(loader(all), 5);
 *     return model.state().get("weight").toDoubleArray();
 * });
 * }</pre>
 *
 * <p>There is a worker for each partition, and each needs a slot of the cluster (a core, unless {@code spark.task.cpus} says otherwise) for
 * all of the time. If an executor is lost, Spark runs all workers again, up to {@code spark.stage.maxConsecutiveAttempts} times in all; to
 * continue then instead of starting anew, let the function resume from a checkpoint in a file system that all executors see. A function
 * that throws on any worker ends the job, unless it throws an {@link java.io.IOException}, after which Spark runs all workers again. It
 * does so, too, if an operation takes longer than {@code spark.adjoint.timeout}, ten minutes unless it is set, or a worker's function
 * starts or ends that much later than another's; tasks that still run then are interrupted. {@code
 * spark.scheduler.maxRegisteredResourcesWaitingTime} is the time in which slots are waited for, a minute.
 *
 * <p>Arrays go from executor to executor by sockets at ports that the system chooses, not encrypted. Executors prove to each other that
 * they belong to the job by a secret, which reaches them within the task; Spark encrypts that only where
 * {@code spark.network.crypto.enabled} or {@code spark.ssl.rpc.enabled} is set.
 */
public final class SparkTraining {
    /**
     * Spark's setting for the time within which executors have to register; executors of a starting cluster need more than its default of
     * 30 s.
     */
    private static final String REGISTRATION = "spark.scheduler.maxRegisteredResourcesWaitingTime";

    /** Finds the reason of the last failure of a barrier stage in the message of a job that Spark has given up. */
    private static final Pattern LAST_REASON = Pattern.compile(
            "maximum allowable number of times.*barrier task [^\n]* finished unsuccessfully\\.\\s+(?:[\\w.]+: "
                    + WorkerTask.LOST + ")?([^\n]+)");

    /** Spark's default of {@code spark.stage.maxConsecutiveAttempts}, the number of attempts of a stage. */
    private static final int ATTEMPTS = 4;

    private static final String TIMEOUT = "spark.adjoint.timeout";
    private static final String INTERRUPTS = "spark.job.interruptOnCancel";

    private SparkTraining() {}

    /**
     * Runs a function on as many workers as there are partitions.
     *
     * @return the results, by rank
     * @throws IllegalStateException if dynamic allocation is on, or there are fewer slots than workers after a minute, in which cases no
     *     task was started; or if workers were lost in each attempt
     * @throws WorkerException if the function fails on a worker
     */
    public static <T, R> List<R> run(JavaRDD<T> rows, WorkerFunction<T, R> function) {
        return run(rows, function, ConnectOptions.newSecret());
    }

    static <T, R> List<R> run(JavaRDD<T> rows, WorkerFunction<T, R> function, String secret) {
        SparkContext context = rows.context();
        requireSlots(context, rows.getNumPartitions());
        Duration timeout = Duration.ofSeconds(context.getConf().getTimeAsSeconds(TIMEOUT, "10min"));
        WorkerTask<T, R> task = new WorkerTask<>(function, secret, timeout);
        JavaRDD<Tuple2<Integer, byte[]>> tasks = rows.rdd()
                .barrier()
                .mapPartitions(task, false, ClassTag.<Tuple2<Integer, byte[]>>apply(Tuple2.class))
                .toJavaRDD();
        // Spark only retries a barrier stage that is followed by a shuffle.
        JavaPairRDD<Integer, byte[]> shuffled = JavaPairRDD.fromJavaRDD(tasks).partitionBy(new HashPartitioner(1));
        FailedFetches fetches = new FailedFetches(context, tasks.id());
        context.addSparkListener(fetches);
        Map<Integer, byte[]> all;
        try {
            all = interruptible(context, shuffled::collectAsMap);
        } finally {
            context.removeSparkListener(fetches);
        }
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

    /**
     * Runs a job whose tasks are interrupted when Spark ends them. Otherwise a task waiting for a lost worker would keep its slot, which
     * the next attempt needs.
     */
    private static <V> V interruptible(SparkContext context, Supplier<V> job) {
        String before = context.getLocalProperty(INTERRUPTS);
        context.setLocalProperty(INTERRUPTS, "true");
        try {
            return job.get();
        } catch (Exception e) {
            // A SparkException is a checked exception that Scala's methods don't declare, so it is caught as Exception.
            String reason = e instanceof SparkException ? reason(String.valueOf(e.getMessage())) : "";
            if (reason.isEmpty()) {
                throw e;
            }
            throw new IllegalStateException(
                    "SparkTraining: workers were lost "
                            + context.getConf().getInt("spark.stage.maxConsecutiveAttempts", ATTEMPTS)
                            + " times (spark.stage.maxConsecutiveAttempts), the last time because: " + reason,
                    e);
        } finally {
            context.setLocalProperty(INTERRUPTS, before);
        }
    }

    /** The reason of a barrier stage's last failure; empty if the job ended for another reason. */
    private static String reason(String message) {
        Matcher reason = LAST_REASON.matcher(message);
        return reason.find() ? reason.group(1) : "";
    }

    /** The context of a data set; Spark Connect has none. Reading a schema would call its server, so the context is requested before. */
    static SparkContext context(String owner, Dataset<?> data) {
        try {
            return data.sparkSession().sparkContext();
        } catch (UnsupportedOperationException e) {
            throw new IllegalStateException(
                    owner + ": Spark Connect doesn't run the tasks of models; run the program on the cluster, by"
                            + " spark-submit, with a master and not with a remote",
                    e);
        }
    }

    private static void requireSlots(SparkContext context, int workers) {
        SparkConf conf = context.getConf();
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            throw new IllegalStateException(
                    "SparkTraining: workers need executors that stay, but spark.dynamicAllocation.enabled is true;"
                            + " set it to false, and spark.executor.instances to the number of executors");
        }
        long waiting = context.isLocal() ? 0 : conf.getTimeAsSeconds(REGISTRATION, "60s");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waiting);
        int slots = slots(context);
        while (slots < workers && System.nanoTime() < end) {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("SparkTraining: interrupted while waiting for slots", e);
            }
            slots = slots(context);
        }
        if (slots < workers) {
            throw new IllegalStateException("SparkTraining: " + workers + " workers run at the same time, but "
                    + context.master() + " has slots for " + slots
                    + " tasks; use fewer workers (setWorkers, or fewer partitions of the rows), or more cores");
        }
    }

    private static int slots(SparkContext context) {
        return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    }
}
