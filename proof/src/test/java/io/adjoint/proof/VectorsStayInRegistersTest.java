package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Backend;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Functional;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the JIT compiler C2 keeps the vectors of the loops of some steps in registers. If the vectors of one loop were objects, a step
 * would allocate several times as much as its arrays. C2 fails above a number of traps, which differs from run to run, so the test halves
 * that limit; without {@code RareBranches} most runs of the attention would exceed the half.
 */
@Tag("slow")
class VectorsStayInRegistersTest {
    private static final int LENGTH = 1024;

    enum Workload {
        /** A step runs loops of many kinds; its arrays take 4.7 MB. */
        ATTENTION(DType.FLOAT32, 64, 10_000_000) {
            @Override
            Tensor compute(Tensor x) {
                return Functional.scaledDotProductAttention(x, x, x, new AttentionMask());
            }
        },
        /**
         * The loops compute exponentials. They widen vectors in place, since C2 doesn't inline helper methods that return vectors. The
         * arrays of a step take 0.8 MB.
         */
        FUNCTIONS(DType.FLOAT32, 64, 1_100_000) {
            @Override
            Tensor compute(Tensor x) {
                return x.sigmoid().silu().tanh();
            }
        },
        /**
         * The loops compute exponentials of doubles below several levels of calls. With one more level, C2 would not inline all methods of
         * the vectors. The arrays of a step take 4.5 MB.
         */
        SOFTMAX_LAST(DType.FLOAT64, 256, 6_000_000) {
            @Override
            Tensor compute(Tensor x) {
                return x.softmax(1).square();
            }
        },
        /** The exponentials of a strip are computed block by block. The arrays of a step, tiles included, take 8.7 MB. */
        SOFTMAX_FIRST(DType.FLOAT64, 256, 12_000_000) {
            @Override
            Tensor compute(Tensor x) {
                return x.softmax(0).square();
            }
        };

        /** The largest number of bytes that a step may allocate. */
        final long limit;

        private final DType dtype;
        private final int width;

        Workload(DType dtype, int width, long limit) {
            this.dtype = dtype;
            this.width = width;
            this.limit = limit;
        }

        Tensor input() {
            return Tensor.randn(new Generator(1), LENGTH, width).to(dtype).requiresGrad(true);
        }

        abstract Tensor compute(Tensor x);
    }

    /**
     * Makes steps until C2 has compiled their loops, which takes some seconds, and at most a minute. Prints the bytes of a step after
     * several seconds in a row within the limit, since C2 compiles some loops again, and not always as well as at first; if there are no
     * such seconds, the largest number.
     */
    static final class Steps {
        private static final int WINDOWS = 60;
        private static final int IN_A_ROW = 3;

        private Steps() {}

        public static void main(String[] arguments) {
            Workload workload = Workload.valueOf(arguments[0]);
            Tensor x = workload.input();
            System.out.println(Backend.describe());
            long bytes = Long.MAX_VALUE;
            int within = 0;
            for (int window = 0; window < WINDOWS && within < IN_A_ROW; window++) {
                long before = allocated();
                int steps = run(workload, x);
                bytes = (allocated() - before) / steps;
                within = bytes <= workload.limit ? within + 1 : 0;
            }
            System.out.println(within == IN_A_ROW ? bytes : Long.MAX_VALUE);
        }

        /** Runs for a second and returns the number of steps. */
        private static int run(Workload workload, Tensor x) {
            int steps = 0;
            for (long start = System.nanoTime(); System.nanoTime() - start < 1e9; steps++) {
                x.zeroGrad();
                workload.compute(x).sum().backward();
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

    @ParameterizedTest
    @EnumSource
    void aStepAllocatesItsArraysAlone(Workload workload) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:PerMethodTrapLimit=50",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Steps.class.getName(),
                        workload.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(process.waitFor()).isZero();
        assertThat(output).hasSize(2);
        assertThat(output.get(0)).startsWith("simd: ");
        assertThat(Long.parseLong(output.get(1))).isLessThanOrEqualTo(workload.limit);
    }
}
