package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.nn.parallel.ConnectOptions;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two executors that are processes of their own, which listen on the loopback interface. */
@ExtendWith(LocalSpark.class)
class ClusterTest {
    private final SparkSession session = Cluster.session();

    @Test
    void executorsExchangeArraysAndEndWithTheBitsOfAPlainTraining() {
        List<String> processes = SparkTraining.run(Cluster.context().parallelize(List.of(1, 2), 2), (workers, rows) -> {
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
    void moreWorkersThanSlotsAreRefusedAfterSomeTime() {
        // The context's own configuration, which only Java can see.
        SparkConf conf = session.sparkContext().conf();
        conf.set("spark.scheduler.maxRegisteredResourcesWaitingTime", "2s");
        try {
            assertThatThrownBy(() ->
                            SparkTraining.run(Cluster.context().parallelize(List.of(1, 2, 3), 3), (workers, rows) -> 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "SparkTraining: 3 workers run at the same time, but " + Cluster.MASTER
                                    + " has slots for 2 tasks; use fewer workers (setWorkers, or fewer partitions of the rows), or more cores");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() ->
                            SparkTraining.run(Cluster.context().parallelize(List.of(1, 2, 3), 3), (workers, rows) -> 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("SparkTraining: interrupted while waiting for slots");
        } finally {
            boolean unused = Thread.interrupted();
            conf.remove("spark.scheduler.maxRegisteredResourcesWaitingTime");
        }
    }

    @Test
    void theSecretOfAJobIsNowhereToBeSeen() throws Exception {
        String secret = ConnectOptions.newSecret();
        List<String> seen = SparkTraining.run(
                Cluster.context().parallelize(List.of(1, 2), 2),
                (workers, rows) -> {
                    workers.barrier();
                    Path process = Path.of("/proc/self");
                    return Files.readString(process.resolve("cmdline"))
                            + Files.readString(process.resolve("environ"))
                            + TaskContext.get().getLocalProperties();
                },
                secret);
        assertThat(seen).hasSize(2).allMatch(text -> text.contains("CoarseGrainedExecutorBackend"));
        // The pages and the event log tell of a job some time after its end.
        session.sparkContext().listenerBus().waitUntilEmpty();
        Map<String, String> all = new TreeMap<>(Map.of("worker 0", seen.get(0), "worker 1", seen.get(1)));
        String base = session.sparkContext().uiWebUrl().get();
        String rest = "/api/v1/applications/" + session.sparkContext().applicationId();
        for (String page : List.of(
                "/jobs/",
                "/stages/",
                "/storage/",
                "/environment/",
                "/executors/",
                rest + "/jobs",
                rest + "/environment",
                rest + "/stages?details=true",
                rest + "/allexecutors",
                rest + "/logs")) {
            all.put(page, page(base + page));
        }
        assertThat(all.get("/stages/")).contains("SparkTraining.java");
        assertThat(all.get(rest + "/stages?details=true")).contains("SparkTraining.java", "taskId");
        // The work folders of the executors, with their logs.
        List<Path> folders = List.of(Path.of(System.getenv("SPARK_HOME"), "work"), Cluster.events());
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    all.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        assertThat(all)
                .anySatisfy((name, text) -> assertThat(text).contains("SparkListenerTaskEnd", "SparkTraining.java"));
        assertThat(all).noneSatisfy((name, text) -> assertThat(text).contains(secret));
    }

    private static String page(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
