package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Kernels;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Functional;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * C2 keeps the vectors of an attention's loops in registers: one loop whose vectors are objects allocates more than all arrays of a step.
 * The number of traps differs from run to run, so the test halves the limit from which on C2 fails; without {@code RareBranches} most runs
 * would exceed that.
 */
class VectorsStayInRegistersTest {
    /** Bytes a step; the arrays are 4.7 MB. */
    private static final long LIMIT = 10_000_000;

    /** Steps of an attention, whose loops are of many kinds, until C2 has compiled them: some seconds, and no more than a minute. */
    static final class Steps {
        private static final int LENGTH = 1024;
        private static final int WIDTH = 64;
        private static final int WINDOWS = 60;

        private Steps() {}

        public static void main(String[] arguments) {
            Tensor x = Tensor.randn(new Generator(1), LENGTH, WIDTH)
                    .to(DType.FLOAT32)
                    .requiresGrad(true);
            System.out.println(Kernels.describe());
            long bytes = Long.MAX_VALUE;
            for (int window = 0; window < WINDOWS && bytes > LIMIT; window++) {
                long before = allocated();
                int steps = run(x);
                bytes = (allocated() - before) / steps;
            }
            System.out.println(bytes);
        }

        /** Runs for a second and returns the number of steps. */
        private static int run(Tensor x) {
            int steps = 0;
            for (long start = System.nanoTime(); System.nanoTime() - start < 1e9; steps++) {
                x.zeroGrad();
                Functional.scaledDotProductAttention(x, x, x, new AttentionMask())
                        .sum()
                        .backward();
            }
            return steps;
        }

        private static long allocated() {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long sum = 0;
            for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
                sum += bytes;
            }
            return sum;
        }
    }

    @Test
    void aStepOfAnAttentionAllocatesItsArraysAlone() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:PerMethodTrapLimit=50",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Steps.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(process.waitFor()).isZero();
        assertThat(output).hasSize(2);
        assertThat(output.get(0)).startsWith("simd: ");
        assertThat(Long.parseLong(output.get(1))).isLessThan(LIMIT);
    }
}
