package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests several trainings that save to one folder at the same time: one goes on, the others are refused, and no file mixes two trainings.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrainingsInOneFolderTest {
    private static final String REFUSED = "If another process saves here, end one of them";
    private static final int STEPS = 20;

    @TempDir
    Path folder;

    /** The numbers of a training, which are all equal to the number of the training. */
    private static KeptNumbers numbers(int training) {
        KeptNumbers numbers = new KeptNumbers();
        numbers.values = NdArray.full(DType.FLOAT64, Shape.of(100_000), training);
        return numbers;
    }

    private void requireSavedBy(int training, long step) throws IOException {
        assertThat(Checkpoints.read(CheckpointFile.path(folder, step), "numbers"))
                .isEqualTo(numbers(training).state());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(ReplacingFile.PARTIAL));
        }
    }

    /** Starts a program that prints a line when it is ready, and then goes on when its input is closed. */
    private static Process start(Class<?> program, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private Path lock() {
        return folder.resolve(".lock");
    }

    // ---- threads ----

    @RepeatedTest(10)
    void ofThreadsOneSaves() throws Exception {
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Boolean>> saves = new ArrayList<>();
        for (int training = 0; training < start.getParties(); training++) {
            // The folder is given by two different names.
            Checkpoints checkpoints = numbers(training).in(training % 2 == 0 ? folder : folder.resolve("."));
            saves.add(() -> {
                start.await();
                try {
                    checkpoints.save(7);
                    return true;
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageContaining(REFUSED);
                    return false;
                }
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(saves.size());
        List<Future<Boolean>> saved = threads.invokeAll(saves);
        threads.shutdown();

        List<Integer> winners = new ArrayList<>();
        for (int training = 0; training < saved.size(); training++) {
            if (saved.get(training).get()) {
                winners.add(training);
            }
        }
        assertThat(winners).hasSize(1);
        requireSavedBy(winners.get(0), 7);
    }

    @Test
    void aTrainingInAnotherFolderDoesNotWait() {
        new CheckpointFolder(folder)
                .alone(
                        Instant.now(),
                        before -> assertThat(CompletableFuture.runAsync(() ->
                                        numbers(1).in(folder.resolve("other")).save(1)))
                                .succeedsWithin(Duration.ofSeconds(60)));
    }

    @Test
    void anInterruptedThreadDoesNotSaveWithoutTheLock() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> numbers(1).in(folder).save(1))
                .withMessageContaining("cannot write to the folder " + folder)
                .withCauseInstanceOf(FileLockInterruptionException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(folder).isDirectoryNotContaining("glob:**.safetensors");
    }

    /** The lock is like that of a library in another class loader. */
    @Test
    void aLockOfOtherCodeOfThisProcessIsNamed() throws IOException {
        try (FileChannel file = FileChannel.open(lock(), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            file.lock();

            assertThatIllegalStateException()
                    .isThrownBy(() -> numbers(1).in(folder).save(1))
                    .withMessageContaining("has locked the file " + lock() + "; give each training a folder");
        }
    }

    // ---- processes ----

    @Test
    void aSaveWaitsForTheLockOfAnotherProcess() throws Exception {
        Checkpoints checkpoints = numbers(1).in(folder);
        checkpoints.save(1);
        Process process = start(Locking.class, lock().toString());
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        CompletableFuture<Void> saved = CompletableFuture.runAsync(() -> checkpoints.save(2));

        assertThat(saved).failsWithin(Duration.ofMillis(200)).withThrowableOfType(TimeoutException.class);
        process.getOutputStream().close();
        assertThat(saved).succeedsWithin(Duration.ofSeconds(60));
        requireSavedBy(1, 2);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aLockFileOfAnotherUserIsNoObstacle() throws IOException {
        Files.createFile(lock());
        Files.setPosixFilePermissions(lock(), PosixFilePermissions.fromString("r--r--r--"));
        assumeThat(Files.isWritable(lock())).as("root may").isFalse();

        numbers(1).in(folder).save(1);
        requireSavedBy(1, 1);
    }

    @Test
    void ofProcessesOneGoesOnToItsEnd() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int training = 0; training < 3; training++) {
            processes.add(start(Saving.class, folder.toString(), "" + training));
        }
        List<BufferedReader> readers =
                processes.stream().map(Process::inputReader).toList();
        for (BufferedReader reader : readers) {
            assertThat(reader.readLine()).isEqualTo("ready");
        }
        for (Process process : processes) {
            process.getOutputStream().close();
        }
        List<String> said = new ArrayList<>();
        for (BufferedReader reader : readers) {
            said.add(String.join("\n", reader.lines().toList()));
        }

        int[] winners = IntStream.range(0, said.size())
                .filter(training -> said.get(training).isEmpty())
                .toArray();
        assertThat(winners).as("%s", said).hasSize(1);
        requireSavedBy(winners[0], STEPS);
        assertThat(said).allMatch(text -> text.isEmpty() || text.contains(REFUSED));
    }

    /** A program that keeps a file locked. */
    static final class Locking {
        private Locking() {}

        public static void main(String[] args) throws IOException {
            try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                file.lock();
                System.out.println("ready");
                int end = System.in.read();
                assertThat(end).isNegative();
            }
        }
    }

    /** A program that saves after each step, and fails if a save is refused. */
    static final class Saving {
        private Saving() {}

        public static void main(String[] args) throws IOException {
            Checkpoints checkpoints = numbers(Integer.parseInt(args[1])).in(Path.of(args[0]));
            System.out.println("ready");
            int end = System.in.read();
            assertThat(end).isNegative();
            for (int step = 1; step <= STEPS; step++) {
                checkpoints.save(step);
            }
        }
    }
}
