package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.CollectiveException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills executors by {@code kill -9} at random moments, as often as the property {@code adjoint.kills} says: 5 times, or 54 in the profile
 * {@code thorough}. Each training ends with the bits of one without Spark. A kill that comes too late is not counted, and another one is
 * tried.
 */
@ExtendWith(LocalSpark.class)
class ClusterKillsTest {
    private static final int KILLS = Integer.getInteger("adjoint.kills", 5);
    private static final int MOMENTS = 4;
    private static final int EPOCHS = 4;
    /** The number of parts of batches that a worker computes. */
    private static final int PARTS = EPOCHS * 16;

    /** A number of changes of the file system, fewer than the four checkpoints make together. */
    private static final int CHANGES = 40;

    // The generator has no seed: the moment also depends on the machine, so a seed would repeat nothing.
    private final Random random = new Random();
    private final SparkSession session = Cluster.session();
    private final Dataset<Row> blobs = Blobs.data(session, 128);

    @TempDir
    Path folder;

    /** A description of the kill that is tried, for messages. */
    private String disturbance = "";

    /** A function that kills an executor. */
    @FunctionalInterface
    private interface Kill {
        /** Returns false if the kill came too late. */
        boolean run(Path folder) throws Exception;
    }

    /**
     * Repeats the kills of one kind of moment.
     *
     * @param number the number of the kind of moment, from 0 on, which determines its share of the kills
     */
    private void repeat(String moment, int number, Kill kill) throws Exception {
        int kills = (KILLS + number) / MOMENTS;
        int late = 0;
        for (int k = 0; k < kills; ) {
            assertThat(late)
                    .as("%s: kills that came too late, beside %d that did not", moment, k)
                    .isLessThan(10 + 2 * kills);
            Path own = Files.createDirectory(folder.resolve(moment + k + "-" + late));
            try {
                if (kill.run(own)) {
                    k++;
                } else {
                    late++;
                }
            } catch (Exception | AssertionError e) {
                throw new AssertionError("a kill " + disturbance + ": " + e.getMessage(), e);
            }
        }
        System.out.println(moment + ": " + kills + " kills, " + late + " more came too late");
    }

    @Test
    void inAStep() throws Exception {
        repeat("step", 0, own -> {
            int part = random.nextInt(PARTS);
            disturbance = "before part " + part;
            fit(own, part, Perilous.Peril.KILL);
            assertThat(own.resolve("marker")).exists();
            return true;
        });
    }

    @Test
    void whileACheckpointIsWritten() throws Exception {
        Configuration configuration = session.sparkContext().hadoopConfiguration();
        repeat("checkpoint", 1, own -> {
            int change = 1 + random.nextInt(CHANGES);
            disturbance = "before change " + change + " of the file system";
            PerilousFiles.set(configuration, own.resolve("killed"), change);
            try {
                fit(own, PARTS, Perilous.Peril.ERROR);
            } finally {
                PerilousFiles.unset(configuration);
            }
            return Files.exists(own.resolve("killed"));
        });
    }

    @Test
    void whileALargeArrayIsSent() throws Exception {
        repeat("all-reduce", 2, own -> {
            Path told = own.resolve("told");
            Sums sums = new Sums(random.nextInt(2), random.nextDouble(), told.toString());
            disturbance = "of worker " + sums.victim() + ", " + sums.moment() + " of the time of a sum after its begin";
            List<Integer> hashes = SparkTraining.run(Cluster.context().parallelize(List.of(1, 2), 2), sums);
            assertThat(hashes).containsOnly(Sums.expected());
            return Files.exists(told)
                    && Files.readString(told)
                            .matches("allReduce \\d+: the connection of rank \\d to rank \\d has ended.*");
        });
    }

    @Test
    void fromOutside() throws Exception {
        // The time of an undisturbed training, the shortest so far.
        long[] time = {timeOfFit(Files.createDirectory(folder.resolve("undisturbed")))};
        repeat("outside", 3, own -> {
            long delay = (long) (time[0] * random.nextDouble());
            int victim = random.nextInt(2);
            disturbance = "of executor " + victim + ", " + TimeUnit.NANOSECONDS.toMillis(delay) + " ms after the begin";
            CompletableFuture<Boolean> killed = CompletableFuture.supplyAsync(
                    () -> {
                        List<ProcessHandle> executors = Cluster.executors();
                        return !executors.isEmpty()
                                && executors.get(victim % executors.size()).destroyForcibly();
                    },
                    CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS));
            long took = timeOfFit(own);
            if (killed.isDone()) {
                return killed.get();
            }
            time[0] = Math.min(time[0], took);
            boolean unused = killed.get();
            return false;
        });
    }

    private long timeOfFit(Path own) throws Exception {
        long begin = System.nanoTime();
        fit(own, PARTS, Perilous.Peril.ERROR);
        return System.nanoTime() - begin;
    }

    @Test
    void anExecutorThatStandsStillForSomeSecondsIsWaitedFor() throws Exception {
        fit(folder, random.nextInt(PARTS), Perilous.Peril.PAUSE);
        assertThat(folder.resolve("marker")).exists();
    }

    /** Trains with a checkpoint an epoch, and compares the bits with those of a training without Spark. */
    private void fit(Path own, int part, Perilous.Peril peril) throws Exception {
        NeuralClassificationModel model = DisturbedFitTest.classifier(own, peril)
                .setEpochs(EPOCHS)
                .setModelFactory(new Perilous(own + "/marker", part, peril))
                .fit(blobs);
        DisturbedFitTest.requirePlain(model);
        DisturbedFitTest.requireEmpty(own.resolve("checkpoints"));
    }

    /**
     * Adds large arrays by workers. In the first attempt one worker is killed during a sum, and the other one writes why its sum failed.
     *
     * @param victim the worker that is killed
     * @param moment the fraction of the time of a sum after which the worker is killed
     * @param told the file that the other worker writes
     */
    private record Sums(int victim, double moment, String told) implements WorkerFunction<Integer, Integer> {
        private static final int SIZE = 1 << 22;

        private static NdArray array(int rank) {
            Generator rng = new Generator(rank);
            double[] values = new double[SIZE];
            Arrays.setAll(values, k -> rng.nextDouble());
            return NdArray.of(Shape.of(SIZE), values);
        }

        static int expected() {
            return hash(array(0).add(array(1)));
        }

        private static int hash(NdArray array) {
            return Arrays.hashCode(array.toDoubleArray());
        }

        @Override
        public Integer run(Collective workers, Iterator<Integer> rows) throws Exception {
            NdArray array = array(workers.rank());
            if (BarrierTaskContext.get().stageAttemptNumber() > 0) {
                return hash(workers.allReduce(array));
            }
            Armed armed = new Armed();
            long time = 0;
            for (int k = 0; k < 3; k++) {
                workers.barrier();
                long begin = System.nanoTime();
                NdArray unused = workers.allReduce(array);
                time = System.nanoTime() - begin;
            }
            workers.barrier();
            if (workers.rank() == victim) {
                CompletableFuture.delayedExecutor((long) (time * moment), TimeUnit.NANOSECONDS)
                        .execute(armed::fire);
            }
            try {
                for (long begin = System.nanoTime(); System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(1); ) {
                    NdArray unused = workers.allReduce(array);
                }
                throw new AssertionError("the kill did not come within a minute");
            } catch (CollectiveException e) {
                Files.writeString(Path.of(told), String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }
}
