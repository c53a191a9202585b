package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class OutOfMemoryTest {
    private static final int ROUNDS = 40;

    /** The program that runs in a JVM whose heap is too small for some of the rounds; prints how many rounds failed. */
    static final class Hungry {
        private static final int SIZE = 200;

        private Hungry() {}

        public static void main(String[] arguments) {
            // Most of the heap is filled, so that a round is short, and filled by small arrays, which leave no gaps.
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

    /**
     * Runs backward passes while the heap, which is full at first, is emptied bit by bit. Prints how many passes failed and how many
     * succeeded, and fails if a pass that failed has added to some gradients.
     */
    static final class Accumulating {
        private static final int SIZE = 40_000;
        /** The number of bytes that are set free before the gradients are read. */
        private static final int RESERVE = 1 << 20;

        private Accumulating() {}

        public static void main(String[] arguments) {
            boolean isRead = Boolean.parseBoolean(arguments[0]);
            List<Tensor> leaves = Stream.generate(() -> Tensor.ones(SIZE).requiresGrad(true))
                    .limit(4)
                    .toList();
            Supplier<Tensor> sum = () -> leaves.get(0).add(leaves.get(1)).sum();
            Supplier<Tensor> chain = () -> {
                Tensor x = leaves.get(0);
                for (Tensor leaf : leaves.subList(1, 4)) {
                    x = x.mul(leaf).add(leaf.mul(0));
                }
                return x.sum();
            };
            for (Supplier<Tensor> loss : List.of(sum, chain)) {
                leaves.forEach(Tensor::zeroGrad);
                accumulate(leaves, loss, isRead);
            }
        }

        private static void accumulate(List<Tensor> leaves, Supplier<Tensor> loss, boolean isRead) {
            for (int warmUp = 0; warmUp < 3; warmUp++) {
                loss.get().backward();
            }
            double[] kept = numbers(leaves);
            List<Object> read = new ArrayList<>();
            int failures = 0;
            int successes = 0;
            Deque<Object> taken = new ArrayDeque<>();
            Object[] forChecks = {new byte[RESERVE]};
            try {
                while (true) {
                    taken.push(new byte[4096]);
                }
            } catch (OutOfMemoryError full) {
                taken.pop();
            }
            while (successes < 20 && !taken.isEmpty()) {
                for (int k = 0; k < 5 && !taken.isEmpty(); k++) {
                    taken.pop();
                }
                try {
                    if (isRead) {
                        read.clear();
                        leaves.forEach(leaf -> read.add(leaf.grad() == null ? leaf : leaf.grad()));
                    }
                    loss.get().backward();
                    successes++;
                    for (int k = 0; k < kept.length; k++) {
                        kept[k] += kept[k] == 0 ? 0 : 1;
                    }
                } catch (OutOfMemoryError tooLarge) {
                    failures++;
                }
                forChecks[0] = "";
                for (int k = 0; k < kept.length; k++) {
                    require(leaves.get(k), kept[k]);
                }
                reserve(forChecks, taken);
            }
            System.out.println(failures + " failed, " + successes + " succeeded");
        }

        private static void reserve(Object[] to, Deque<Object> taken) {
            while (!(to[0] instanceof byte[])) {
                try {
                    to[0] = new byte[RESERVE];
                } catch (OutOfMemoryError full) {
                    taken.pop();
                }
            }
        }

        private static double[] numbers(List<Tensor> leaves) {
            return leaves.stream()
                    .mapToDouble(leaf -> leaf.grad() == null
                            ? 0
                            : Objects.requireNonNull(leaf.grad()).data().get(0))
                    .toArray();
        }

        /**
         * Throws if an element of the leaf's gradient is not the given number; reads every 61st element, and accepts a leaf without a
         * gradient.
         */
        private static void require(Tensor leaf, double number) {
            Tensor gradient = Internals.borrowGrad(leaf);
            for (int k = 0; gradient != null && k < SIZE; k += 61) {
                if (gradient.data().get(k) != number) {
                    throw new IllegalStateException(gradient.data().get(k) + " instead of " + number);
                }
            }
            if (gradient != null) {
                Internals.giveBackGrad(leaf);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPassThatRunsOutOfMemoryAddsToNoGradient(boolean isRead, @TempDir Path directory)
            throws IOException, InterruptedException {
        List<String> printed = run(
                directory,
                "-Xmx24m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Accumulating.class.getName(),
                Boolean.toString(isRead));
        assertThat(printed).hasSize(2).allMatch(line -> line.matches("[1-9]\\d* failed, [1-9]\\d* succeeded"));
    }

    @Test
    void aLoopThatRunsOutOfMemoryOnAnyThreadThrowsToItsCallerWhoCanGoOn(@TempDir Path directory)
            throws IOException, InterruptedException {
        // Not every line is checked, since threads of the common pool may print that they ran out of memory, too.
        assertThat(run(
                        directory,
                        "-Xmx64m",
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=3",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hungry.class.getName()))
                .anyMatch(line -> line.matches("\\d\\d? of 40 failed beside 470"))
                .noneMatch(line -> line.startsWith("0 of"));
    }

    /** Runs a JVM with the given arguments, which must end in time and without an exception, and returns the lines that it prints. */
    private static List<String> run(Path directory, String... arguments) throws IOException, InterruptedException {
        Path printed = directory.resolve("printed");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
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
        List<String> lines = Files.readAllLines(printed);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        return lines;
    }
}
