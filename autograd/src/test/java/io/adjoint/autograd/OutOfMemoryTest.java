package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OutOfMemoryTest {
    private static final int ROUNDS = 40;

    /** What runs in a JVM whose heap is too small for some of the rounds: prints how many failed. */
    static final class Hungry {
        private static final int SIZE = 200;

        private Hungry() {}

        public static void main(String[] arguments) {
            // Most of the heap is taken, so that a round is short; in small arrays, which leave no holes.
            double[][] taken = new double[470][12_800];
            double[] elements = IntStream.range(0, SIZE * SIZE)
                    .mapToDouble(k -> Math.sin(k) / SIZE)
                    .toArray();
            Tensor w = Tensor.of(NdArray.of(Shape.of(SIZE, SIZE), elements)).requiresGrad(true);
            int failures = 0;
            for (int round = 0; round < ROUNDS; round++) {
                w.zeroGrad();
                try {
                    Tensor x = w;
                    for (int k = 0; k < 15 + round; k++) {
                        x = x.matmul(w);
                    }
                    x.tanh().sum().backward();
                } catch (OutOfMemoryError tooLarge) {
                    failures++;
                }
                checkSmallGradient();
            }
            System.out.println(failures + " of " + ROUNDS + " failed beside " + taken.length);
        }

        private static void checkSmallGradient() {
            Tensor x = Tensor.of(3, -2).requiresGrad(true);
            x.square().sum().backward();
            if (!Objects.requireNonNull(x.grad()).data().equals(NdArray.of(Shape.of(2), 6, -4))) {
                throw new IllegalStateException("wrong: " + x.grad());
            }
        }
    }

    @Test
    void aLoopThatRunsOutOfMemoryOnAnyThreadThrowsToItsCallerWhoCanGoOn(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path printed = directory.resolve("printed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=3",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hungry.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        // Threads of the common pool may report memory that they lacked themselves.
        assertThat(Files.readAllLines(printed))
                .anyMatch(line -> line.matches("\\d\\d? of 40 failed beside 470"))
                .noneMatch(line -> line.startsWith("0 of"));
        assertThat(process.exitValue()).isZero();
    }
}
