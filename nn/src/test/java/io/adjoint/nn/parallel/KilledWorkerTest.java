package io.adjoint.nn.parallel;

import static io.adjoint.nn.parallel.WorkerKind.LONG;
import static io.adjoint.nn.parallel.WorkerKind.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KilledWorkerTest {
    private static final int SIZE = 3;

    private static Process worker(int port, String secret) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWorker.class.getName(),
                String.valueOf(port),
                "2",
                String.valueOf(SIZE));
        builder.environment().put("SECRET", secret);
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String untilFailure(Collective joined, Runnable afterThird) {
        try (Collective collective = joined) {
            return failure(() -> {
                for (int k = 0; ; k++) {
                    NdArray sum = collective.allReduce(KilledWorker.ARRAY);
                    assertThat(sum.get(0)).isEqualTo(SIZE);
                    if (k == 3) {
                        afterThird.run();
                    }
                }
            });
        }
    }

    @RepeatedTest(2)
    void aKilledJvmIsAnErrorOfAllOthersAtOnce(RepetitionInfo repetition) throws IOException, InterruptedException {
        int delay = 7 * repetition.getCurrentRepetition();
        // The common pool may have only one thread, and the second worker occupies it.
        ExecutorService threads = Executors.newCachedThreadPool();
        String secret = ConnectOptions.newSecret();
        ConnectOptions options = new ConnectOptions(SIZE, secret).timeout(LONG);
        try (Rendezvous rendezvous = Rendezvous.open()) {
            Process process = worker(rendezvous.address().getPort(), secret);
            try {
                CompletableFuture<String> second = CompletableFuture.supplyAsync(
                        () -> untilFailure(Collective.connect(rendezvous.address(), 1, options), () -> {}), threads);
                CompletableFuture<Long> killed = new CompletableFuture<>();
                String first = untilFailure(
                        rendezvous.accept(options),
                        () -> CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS, threads)
                                .execute(() -> {
                                    process.destroyForcibly();
                                    killed.complete(System.nanoTime());
                                }));

                assertThat(List.of(first, second.join()))
                        .allMatch(message -> message.matches("allReduce \\d+: the connection of rank [01] to rank 2 has"
                                + " ended; the program of rank 2 has ended or was killed, or the network failed"));
                assertThat(System.nanoTime() - killed.join()).isLessThan(TimeUnit.SECONDS.toNanos(10));
            } finally {
                process.destroyForcibly().waitFor();
                threads.shutdownNow();
            }
        }
    }
}
