package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several trainings that save to one folder at the same moment: one of them goes on, the others are refused, and no file is a mixture. */
class TwoTrainingsTest {
    private static final String REFUSED = "If another process saves here, end one of them";
    private static final int STEPS = 20;

    @TempDir
    Path folder;

    /** The numbers of a training, of which each has the training's own. */
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

    @RepeatedTest(10)
    void ofThreadsOneSaves() throws Exception {
        CyclicBarrier start = new CyclicBarrier(4);
        List<Callable<Boolean>> saves = new ArrayList<>();
        for (int training = 0; training < start.getParties(); training++) {
            Checkpoints checkpoints = numbers(training).in(folder);
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
    void ofProcessesOneGoesOnToItsEnd() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int training = 0; training < 3; training++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:-UsePerfData",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Saving.class.getName(),
                            folder.toString(),
                            "" + training)
                    .redirectErrorStream(true)
                    .start());
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

    /** A program that saves after each step, and is over when it may not. */
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
