package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests that neither an attention nor its gradient keeps an array of all scores. */
class LongAttentionTest {
    /** An attention whose scores alone are 128 MB. */
    static final class OneStep {
        private static final int LENGTH = 4096;
        private static final int WIDTH = 64;
        /** The first of the queries that are computed a second time, with an array of all their scores. */
        private static final int FIRST = 2000;

        private static final int SOME = 8;

        private OneStep() {}

        public static void main(String[] arguments) {
            Generator rng = new Generator(1);
            Tensor[] inputs = new Tensor[3];
            for (int k = 0; k < 3; k++) {
                inputs[k] = Tensor.randn(rng, LENGTH, WIDTH).requiresGrad(true);
            }
            Tensor upstream = Tensor.randn(rng, LENGTH, WIDTH);
            Tensor output =
                    Functional.scaledDotProductAttention(inputs[0], inputs[1], inputs[2], new AttentionMask().causal());
            output.backward(upstream);

            Tensor query = inputs[0].detach().slice(0, FIRST, FIRST + SOME).requiresGrad(true);
            Tensor some = query.matmul(inputs[1].detach().transpose())
                    .div(Math.sqrt(WIDTH))
                    .maskedFill(Masks.causal(SOME, LENGTH, FIRST).not(), Double.NEGATIVE_INFINITY)
                    .softmax(-1)
                    .matmul(inputs[2].detach());
            Tensor ofQuery = Autograd.grad(
                    some.mul(upstream.slice(0, FIRST, FIRST + SOME)).sum(), query);
            print(output.slice(0, FIRST, FIRST + SOME), some);
            print(gradient(inputs[0]).slice(0, FIRST, FIRST + SOME), ofQuery);
            // The weights of a query add up to 1, and moving all keys by one vector changes no weight.
            print(gradient(inputs[2]).sum(0), upstream.sum(0));
            print(gradient(inputs[1]).sum(0), Tensor.zeros(WIDTH));
            // In the mode {@code check} of reuse, which the test sets, elements that were never written are NaN.
            System.out.println(output.isNaN().any().item());
            System.out.println(gradient(inputs[0]).isNaN().any().item());
        }

        private static Tensor gradient(Tensor leaf) {
            return Objects.requireNonNull(leaf.grad());
        }

        private static void print(Tensor actual, Tensor expected) {
            System.out.println(actual.sub(expected).abs().max().item());
        }
    }

    @Test
    void aSequenceOfFourThousandIsDifferentiatedInSixtyFourMegabytes() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=3",
                        "-Dadjoint.backend=default",
                        "-Dadjoint.reuse=check",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OneStep.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output.lines().map(Double::valueOf))
                .hasSize(6)
                .allSatisfy(error -> assertThat(error).isLessThan(1e-11));
    }
}
