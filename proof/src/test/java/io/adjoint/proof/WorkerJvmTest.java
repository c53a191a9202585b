package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.parallel.CollectiveException;
import io.adjoint.nn.parallel.ConnectOptions;
import io.adjoint.nn.parallel.Rendezvous;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that trainings by several JVMs connected by sockets end with the bits of a training by one program, whichever backend each JVM
 * uses.
 */
@Timeout(300)
@Tag("slow")
class WorkerJvmTest {
    private static final Map<String, String> ALONE = WorkerJvm.digests(Collective.alone(), null, null);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    /**
     * Trains in this JVM, which is the first worker, and in further ones.
     *
     * @param backend the backend of the other JVMs
     */
    private void train(int size, String backend, @Nullable Path saved, @Nullable Path resumed)
            throws IOException, InterruptedException {
        String secret = ConnectOptions.newSecret();
        try (Rendezvous rendezvous = Rendezvous.open()) {
            for (int rank = 1; rank < size; rank++) {
                processes.add(start(rendezvous.address().getPort(), rank, size, backend, secret, resumed));
            }
            ConnectOptions options = new ConnectOptions(size, secret).timeout(Duration.ofMinutes(2));
            try (Collective workers = rendezvous.accept(options)) {
                assertThat(WorkerJvm.digests(workers, saved, resumed)).isEqualTo(ALONE);
            } catch (CollectiveException e) {
                throw new AssertionError(output(folder), e);
            }
            for (int rank = 1; rank < size; rank++) {
                assertThat(processes.get(rank - 1).waitFor())
                        .as(() -> output(folder))
                        .isZero();
                Map<String, String> digests = read(folder.resolve("rank" + rank));
                assertThat(digests.remove(WorkerJvm.BACKEND)).startsWith(backend + ":");
                assertThat(digests).isEqualTo(ALONE);
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private Process start(int port, int rank, int size, String backend, String secret, @Nullable Path resumed)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Vector loops are fast only with the JIT compiler C2.
                backend.equals("simd") ? "--add-modules=jdk.incubator.vector" : "-XX:TieredStopAtLevel=1",
                "-Dadjoint.backend=" + backend,
                "-Dadjoint.simd.minWork=0",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerJvm.class.getName(),
                String.valueOf(port),
                String.valueOf(rank),
                String.valueOf(size),
                folder.resolve("rank" + rank).toString()));
        if (resumed != null) {
            command.add(resumed.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder)));
        builder.environment().put("SECRET", secret);
        return builder.start();
    }

    private static File log(Path folder) {
        return folder.resolve("log").toFile();
    }

    private static String output(Path folder) {
        try {
            return Files.readString(log(folder).toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split("=", 2);
            digests.put(words[0], words[1]);
        }
        return digests;
    }

    @Test
    void twoJvmsOfWhichOneHasVectorsEndWithTheSameBits() throws IOException, InterruptedException {
        train(2, "simd", null, null);
    }

    @Test
    void fourJvmsSaveACheckpointFromWhichTwoGoOn() throws IOException, InterruptedException {
        Path saved = folder.resolve("checkpoint");
        train(4, "default", saved, null);
        processes.clear();
        train(2, "default", null, saved);
    }
}
