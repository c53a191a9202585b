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
import org.junit.jupiter.api.Test;

/** C2 keeps the vectors of all loops in registers: one loop whose vectors are objects allocates more than all arrays of a step. */
class VectorsStayInRegistersTest {
    /** Steps of an attention, whose loops are many kinds, until C2 has compiled them, and the bytes that each of the next ones allocates. */
    static final class Steps {
        private static final int LENGTH = 1024;
        private static final int WIDTH = 64;

        private Steps() {}

        public static void main(String[] arguments) {
            Tensor x = Tensor.randn(new Generator(1), LENGTH, WIDTH)
                    .to(DType.FLOAT32)
                    .requiresGrad(true);
            run(x, 3.5);
            long before = allocated();
            int steps = run(x, 1);
            System.out.println(Kernels.describe());
            System.out.println((allocated() - before) / steps);
        }

        private static int run(Tensor x, double seconds) {
            int steps = 0;
            for (long start = System.nanoTime(); System.nanoTime() - start < seconds * 1e9; steps++) {
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
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Steps.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);

        assertThat(process.waitFor()).isZero();
        assertThat(output[0]).startsWith("simd: ");
        assertThat(Long.parseLong(output[1])).isLessThan(10_000_000);
    }
}
