package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class DeepGraphTest {
    private static final int DEPTH = 1_000_000;
    private static final double FACTOR = 1.0000001;

    /** The program that runs in a JVM with a small stack. */
    static final class Chain {
        private Chain() {}

        public static void main(String[] arguments) {
            Tensor w = Tensor.of(FACTOR).requiresGrad(true);
            power(w, DEPTH).backward();
            System.out.println(Objects.requireNonNull(w.grad()).item());
            Tensor kept = Autograd.grad(power(w, DEPTH), GraphMode.CREATE, w);
            Tensor first = Autograd.grad(power(w, DEPTH / 10), GraphMode.CREATE, w);
            System.out.println(kept.item() + " " + Autograd.grad(first.sum(), w).item());
        }

        private static Tensor power(Tensor w, int exponent) {
            Tensor y = Tensor.of(1);
            for (int k = 0; k < exponent; k++) {
                y = y.mul(w);
            }
            return y.sum();
        }
    }

    @Test
    void aChainOfAMillionOperationsGoesForwardBackwardAndBackwardAgainOnASmallStack()
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xss256k",
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Chain.class.getName())
                .redirectErrorStream(true)
                .start();
        String[] printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split("\\s", -1);
        assertThat(process.waitFor()).isZero();
        double slope = DEPTH * Math.pow(FACTOR, DEPTH - 1);
        assertThat(Double.parseDouble(printed[0]) / slope).isBetween(1 - 1e-9, 1 + 1e-9);
        assertThat(Double.parseDouble(printed[printed.length - 2]) / slope).isBetween(1 - 1e-9, 1 + 1e-9);
        int n = DEPTH / 10;
        double curvature = (double) n * (n - 1) * Math.pow(FACTOR, n - 2);
        assertThat(Double.parseDouble(printed[printed.length - 1]) / curvature).isBetween(1 - 1e-9, 1 + 1e-9);
    }
}
