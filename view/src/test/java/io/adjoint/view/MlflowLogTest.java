// Long because it tries each trouble that a server may have, and a training with it, on one stub.
package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.TrainingRun;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MlflowLogTest {
    private static final Moment FIRST = new Moment(0, 0, Instant.EPOCH);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private static TrainingRun run(Moment at, Map<String, String> settings) {
        return new TrainingRun(at, new Dense(2, 1, new Generator(1)), settings, null);
    }

    /** The states of a training of three epochs with a log, and its history. */
    private static List<Map<String, NdArray>> trained(MlflowLog log) {
        SmallTraining training = new SmallTraining();
        training.trainer.log(log).fit(training.loader, 3);
        return training.states();
    }

    private static List<Map<String, NdArray>> plain() {
        SmallTraining training = new SmallTraining();
        training.trainer.fit(training.loader, 3);
        return training.states();
    }

    // ---- a server that answers ----

    @Test
    void aTrainingIsARun() throws IOException {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 200)) {
            SmallTraining training = new SmallTraining();
            MlflowLog log = new MlflowLog(stub.address(), "digits & more").everySteps(3);
            History history = training.trainer.setting("seed", 1).log(log).fit(training.loader, 3);

            assertThat(stub.requests.get(0)).startsWith("experiments/get-by-name?experiment_name=digits+%26+more ");
            assertThat(stub.bodies("experiments/create")).containsExactly("{\"name\":\"digits & more\"}");
            assertThat(stub.bodies("runs/create")).singleElement().asString().contains("\"experiment_id\":\"7\"");
            assertThat(stub.bodies("runs/update"))
                    .singleElement()
                    .asString()
                    .contains("\"run_id\":\"run1\"", "\"status\":\"FINISHED\"", "\"end_time\":");
            assertThat(String.join("", stub.bodies("runs/log-batch")))
                    .contains(
                            "\"run_id\":\"run1\"",
                            "{\"key\":\"seed\",\"value\":\"1\"}",
                            "\"key\":\"environment.java\"");
            assertThat(stub.metrics())
                    .contains("batch loss 3 " + stubValue(stub, "batch loss 3"), "learning rate 6 0.1")
                    .contains("loss 6 " + history.last("loss"))
                    .contains("validation RootMeanSquaredError 6 " + history.last("validation RootMeanSquaredError"))
                    .hasSize(2 * 2 + 3 * 2 + 2 * 2);
            assertThat(log.lost()).isZero();
            assertThat(training.states()).isEqualTo(plain());
        }
    }

    private static String stubValue(MlflowStub stub, String start) {
        return stub.metrics().stream()
                .filter(metric -> metric.startsWith(start))
                .findFirst()
                .orElseThrow()
                .substring(start.length() + 1);
    }

    @Test
    void noRequestHasMoreThanMlflowTakes() throws IOException {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 200)) {
            MlflowLog log = new MlflowLog(stub.address(), "e");
            Map<String, String> settings = new LinkedHashMap<>();
            IntStream.range(0, 250).forEach(k -> settings.put("p" + k, "x".repeat(7000)));
            log.start(run(FIRST, settings));
            for (int step = 1; step <= 2500; step++) {
                log.numbers(new Moment(step, 0, Instant.EPOCH), Map.of("a", (double) step));
            }
            log.end(FIRST);

            assertThat(stub.metrics()).hasSize(2500).endsWith("a 2500 2500.0");
            List<String> bodies = stub.bodies("runs/log-batch");
            assertThat(bodies).allSatisfy(body -> {
                assertThat(body.length()).isLessThan(1_000_000);
                assertThat(body.split("\"timestamp\"", -1).length - 1).isLessThanOrEqualTo(1000);
                assertThat(body.split("xxx\"}", -1).length - 1).isLessThanOrEqualTo(100);
            });
            String all = String.join("", bodies);
            assertThat(all).contains("{\"key\":\"p249\",\"value\":\"" + "x".repeat(6000) + "\"}");
            // A search for 6,001 times x in runs of 6,000 would take seconds.
            assertThat(all.split("[^x]+")).allSatisfy(run -> assertThat(run).hasSizeLessThanOrEqualTo(6000));
            assertThat(log.lost()).isZero();
        }
    }

    @Test
    void namesTextsAndNumbersArriveAsFarAsTheyCan() throws IOException {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 200)) {
            MlflowLog log = new MlflowLog(stub.address(), "\"\\\n\u0001\ud83e\udd16\ud83e");
            log.start(run(FIRST, Map.of()));
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("a<b", Double.NaN);
            values.put("a>b", Double.POSITIVE_INFINITY);
            values.put("", -1e-300);
            values.put("/../x//", Double.NEGATIVE_INFINITY);
            values.put("n".repeat(10_000), 1.0);
            values.put("n".repeat(9_999), 2.0);
            values.put("..b", 3.0);
            values.put("s".repeat(249) + "/x", 4.0);
            values.put("d".repeat(247) + "/..x", 5.0);
            log.numbers(FIRST, values);
            log.text(FIRST, "text", "\"<\\\u0000\n\u2028" + "\ud83e\udd16".repeat(5_000));
            log.end(FIRST);

            assertThat(stub.metrics())
                    .containsExactly(
                            "a_b 0 \"NaN\"",
                            "a_b 2 0 \"Infinity\"",
                            "_ 0 -1.0E-300",
                            "_/_/x/_/_ 0 \"-Infinity\"",
                            "n".repeat(250) + " 0 1.0",
                            "n".repeat(248) + " 2 0 2.0",
                            "_.b 0 3.0",
                            "s".repeat(249) + "_ 0 4.0",
                            "d".repeat(247) + "_ 0 5.0");
            assertThat(stub.bodies("experiments/create"))
                    .containsExactly("{\"name\":\"\\\"\\\\\\u000a\\u0001\ud83e\udd16\ufffd\"}");
            assertThat(String.join("", stub.bodies("runs/log-batch")))
                    .contains("\"value\":\"\\\"<\\\\\\u0000\\u000a\\u2028" + "\ud83e\udd16".repeat(2497) + "\"}");
        }
    }

    @Test
    void aNewTrainingForgetsTheRunOfAnotherOneAlsoWhileTheServerIsDown() throws IOException {
        Path file = folder.resolve("id");
        Files.writeString(file, "other\n");
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 403)) {
            SmallTraining training = new SmallTraining();
            training.trainer
                    .log(new MlflowLog(stub.address(), "e").runFile(file))
                    .fit(training.loader, 1);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void aTrainingThatIsContinuedGoesOnWithItsRun() throws IOException {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 200)) {
            Path file = folder.resolve("run/id");
            SmallTraining training = new SmallTraining();
            MlflowLog log = new MlflowLog(stub.address(), "e").runFile(file);
            training.trainer.log(log).fit(training.loader, 1);
            assertThat(file).hasContent("run1");
            training.trainer.fit(training.loader, 2);
            SmallTraining other = new SmallTraining();
            other.load(training.states());
            other.trainer.log(new MlflowLog(stub.address(), "e").runFile(file)).fit(other.loader, 3);
            SmallTraining given = new SmallTraining();
            given.trainer.log(new MlflowLog(stub.address(), "e").runId("mine")).fit(given.loader, 1);

            assertThat(stub.bodies("runs/create")).hasSize(1);
            assertThat(stub.bodies("runs/update"))
                    .extracting(body -> body.replaceAll(",\"end_time.*", ""))
                    .containsExactly(
                            "{\"run_id\":\"run1\",\"status\":\"FINISHED\"",
                            "{\"run_id\":\"run1\",\"status\":\"RUNNING\"}",
                            "{\"run_id\":\"run1\",\"status\":\"FINISHED\"",
                            "{\"run_id\":\"run1\",\"status\":\"RUNNING\"}",
                            "{\"run_id\":\"run1\",\"status\":\"FINISHED\"",
                            "{\"run_id\":\"mine\",\"status\":\"RUNNING\"}",
                            "{\"run_id\":\"mine\",\"status\":\"FINISHED\"");
            // The parameters of a run are sent only once.
            assertThat(stub.bodies("runs/log-batch"))
                    .filteredOn(body -> body.contains("\"key\":\"optimizer\""))
                    .hasSize(1);
        }
    }

    @Test
    void aTrainingThatFailsIsARunThatFailed() throws IOException {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 200)) {
            SmallTraining training = new SmallTraining();
            training.trainer.log(new MlflowLog(stub.address(), "e")).onStep(() -> {
                throw new IllegalStateException("no power");
            });

            assertThatIllegalStateException().isThrownBy(() -> training.trainer.fit(training.loader, 1));

            assertThat(stub.bodies("runs/update")).singleElement().asString().contains("\"status\":\"FAILED\"");
            assertThat(String.join("", stub.bodies("runs/log-batch"))).contains("\"key\":\"failure\"", "no power");
        }
    }

    /** A program whose JVM ends while it trains. */
    static final class Killed {
        public static void main(String[] args) {
            SmallTraining training = new SmallTraining();
            training.trainer
                    .log(new MlflowLog(URI.create(args[0]), "e").runFile(Path.of(args[1])))
                    .onEpoch(epoch -> {
                        // A process that ends has three seconds left for the server, which are meant for the end of a
                        // run that has already begun.
                        while (!Files.exists(Path.of(args[1]))) {
                            LockSupport.parkNanos(1_000_000);
                        }
                        System.exit(3);
                    })
                    .fit(training.loader, 1);
        }
    }

    @Test
    void aProcessThatEndsBeforeItsTrainingLeavesARunThatWasKilled() throws Exception {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 200)) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Killed.class.getName(),
                            stub.address().toString(),
                            folder.resolve("id").toString())
                    .inheritIO()
                    .start();
            assertThat(process.waitFor()).isEqualTo(3);

            assertThat(stub.bodies("runs/update")).singleElement().asString().contains("\"status\":\"KILLED\"");
            assertThat(stub.metrics()).anyMatch(metric -> metric.startsWith("loss 2 "));
        }
    }

    // ---- servers with troubles ----

    @Test
    void requestsThatFailForAWhileAreRepeated() throws IOException {
        int[] answers = {500, 429, 200, 200, 503, 200, 500, 200};
        try (MlflowStub stub =
                new MlflowStub((exchange, request) -> request <= answers.length ? answers[request - 1] : 200)) {
            MlflowLog log = new MlflowLog(stub.address(), "e");
            log.pause = 5;

            assertThat(trained(log)).isEqualTo(plain());

            assertThat(log.lost()).isZero();
            assertThat(stub.bodies("runs/update")).last().asString().contains("FINISHED");
        }
    }

    @Test
    void aTrainingDoesNotWaitForAServerThatHangs() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        for (boolean isHeadSent : new boolean[] {false, true}) {
            try (MlflowStub stub = new MlflowStub((exchange, request) -> {
                if (isHeadSent) {
                    exchange.sendResponseHeaders(200, 1000);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                }
                end.await();
                return 200;
            })) {
                MlflowLog log =
                        new MlflowLog(stub.address(), "e").patience(SHORT).timeout(SHORT);
                SmallTraining training = new SmallTraining();
                long[] times = {System.nanoTime(), 0};
                training.trainer.log(log).onEpoch(epoch -> times[1] = System.nanoTime());
                training.trainer.fit(training.loader, 3);

                // The training must not wait for this server without an end.
                assertThat(Duration.ofNanos(System.nanoTime() - times[1])).isLessThan(Duration.ofSeconds(20));
                assertThat(training.states()).isEqualTo(plain());
                // All values are lost: metrics of three epochs and two validations, settings and environment.
                assertThat(log.lost()).isEqualTo(3 * 2 + 2 * 2 + 4 + 5);
            } finally {
                end.countDown();
            }
        }
    }

    @Test
    void aSlowServerGetsAllThatThereIsPatienceFor() throws IOException {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> {
            Thread.sleep(50);
            return 200;
        })) {
            MlflowLog log = new MlflowLog(stub.address(), "e");
            assertThat(trained(log)).isEqualTo(plain());
            assertThat(log.lost()).isZero();
            assertThat(stub.metrics()).hasSize(3 * 2 + 2 * 2);
        }
    }

    @Test
    void whereThereIsNoServerTheTrainingIsAsWithoutALog() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        for (String address :
                List.of("http://127.0.0.1:" + free, "http://127.0.0.1:1/some/path", "http://[::1]:" + free)) {
            MlflowLog log = new MlflowLog(URI.create(address), "e").patience(SHORT);
            assertThat(trained(log)).as(address).isEqualTo(plain());
            assertThat(log.lost()).isEqualTo(3 * 2 + 2 * 2 + 4 + 5);
        }
    }

    @Test
    void aServerThatRefusesIsNotAskedAgain() throws IOException {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 403)) {
            MlflowLog log = new MlflowLog(stub.address(), "e").header("Authorization", "Bearer none");
            assertThat(trained(log)).isEqualTo(plain());
            assertThat(stub.requests).hasSize(1);
            assertThat(log.lost()).isEqualTo(3 * 2 + 2 * 2 + 4 + 5);
        }
    }

    @Test
    void anotherServerIsTold() throws IOException {
        try (MlflowStub stub = new MlflowStub((exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>a shop</html>".getBytes(StandardCharsets.UTF_8));
            return 200;
        })) {
            MlflowLog log = new MlflowLog(stub.address(), "e");
            assertThat(trained(log)).isEqualTo(plain());
            assertThat(log.lost()).isEqualTo(3 * 2 + 2 * 2 + 4 + 5);
        }
    }

    @Test
    void whatDoesNotFitTheQueueIsCounted() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (MlflowStub stub = new MlflowStub((exchange, request) -> {
            end.await();
            return 200;
        })) {
            MlflowLog log = new MlflowLog(stub.address(), "e").patience(Duration.ofSeconds(30));
            log.queue = 2_000;
            log.start(run(FIRST, Map.of()));
            for (int k = 0; k < 2_400; k++) {
                log.numbers(FIRST, Map.of("a", (double) k));
            }
            long lost = log.lost();
            end.countDown();
            log.end(FIRST);

            assertThat(lost).isEqualTo(400 + 5);
            assertThat(log.lost()).isEqualTo(lost);
            assertThat(stub.metrics()).hasSize(1_995);
        }
    }

    @Test
    void noThreadIsLeft() throws Exception {
        // These threads belong to clients of other tests.
        Set<Thread> before = clientThreads();
        try (MlflowStub stub = new MlflowStub((exchange, request) -> 200)) {
            for (int k = 0; k < 5; k++) {
                assertThat(trained(new MlflowLog(stub.address(), "e"))).isNotEmpty();
            }
            // The client of the JDK ends its own thread once it is collected.
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!before.containsAll(clientThreads()) && System.nanoTime() < deadline) {
                System.gc();
                Thread.sleep(200);
            }
            assertThat(before).containsAll(clientThreads());
        }
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("adjoint-mlflow")
                        || thread.getName().startsWith("HttpClient"))
                .collect(Collectors.toSet());
    }

    // ---- settings ----

    @Test
    void settingsThatCannotBeAreRefused() {
        for (String address : List.of("localhost:5000", "ftp://host/", "file:/tmp", "/path", "http:/path")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new MlflowLog(URI.create(address), "e"))
                    .withMessage(
                            "MlflowLog: the server must be an address such as http://localhost:5000, got " + address);
        }
        URI server = URI.create("http://localhost:5000");
        assertThatIllegalArgumentException().isThrownBy(() -> new MlflowLog(server, " "));
        MlflowLog log = new MlflowLog(server, "e");
        assertThatIllegalArgumentException().isThrownBy(() -> log.everySteps(0));
        assertThatIllegalArgumentException().isThrownBy(() -> log.header("Host", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> log.header("a b", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> log.runId(""));
        assertThatIllegalArgumentException().isThrownBy(() -> log.patience(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> log.timeout(Duration.ZERO));
        assertThatIllegalStateException()
                .isThrownBy(() -> log.numbers(FIRST, Map.of("a", 1.0)))
                .withMessage("MlflowLog: call start(run) before any other event");
        log.end(FIRST);
    }
}
