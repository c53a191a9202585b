package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executors that are processes of their own, which listen on the loopback interface. */
class ClusterTest {
    private static SparkSession session;

    /** Starts a master with two workers; the executors have the jars of this JVM's class path in Spark's home, and its folders beside. */
    @BeforeAll
    static void start() throws IOException {
        LocalSpark.session().stop();
        Path jars = Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        List<String> folders = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (Files.isDirectory(path)) {
                folders.add(path.toString());
            } else if (Files.exists(path)) {
                try {
                    Files.createSymbolicLink(jars.resolve(path.getFileName()), path);
                } catch (FileAlreadyExistsException e) {
                    // From the run before.
                    continue;
                }
            }
        }
        session = LocalSpark.settings("local-cluster[2,1,1024]")
                .config("spark.executor.extraClassPath", String.join(File.pathSeparator, folders))
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .config("spark.speculation", "true")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void executorsExchangeArraysAndEndWithTheBitsOfAPlainTraining() {
        List<String> processes =
                SparkTraining.run(LocalSpark.context().parallelize(List.of(1, 2), 2), (workers, rows) -> {
                    workers.barrier();
                    return ManagementFactory.getRuntimeMXBean().getName();
                });
        assertThat(processes)
                .doesNotHaveDuplicates()
                .doesNotContain(ManagementFactory.getRuntimeMXBean().getName());
        Dataset<Row> blobs = Blobs.data(session, 128);
        NeuralClassificationModel model =
                NeuralClassifierTest.classifier().setWorkers(2).fit(blobs);
        assertThat(NeuralClassifierTest.weights(model)).isEqualTo(NeuralClassifierTest.plain(128, 3));
        assertThat(model.transform(blobs).filter("prediction = label").count()).isGreaterThan(100);
    }

    @Test
    void anExecutorThatIsKilledInAStepDoesNotChangeTheBits(@TempDir Path folder) throws Exception {
        NeuralClassificationModel model =
                DisturbedFitTest.classifier(folder, Perilous.Peril.KILL).fit(Blobs.data(session, 128));
        assertThat(folder.resolve("marker")).exists();
        DisturbedFitTest.requirePlain(model);
        DisturbedFitTest.requireEmpty(folder.resolve("checkpoints"));
    }
}
