package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FlatHeapTest {
    /** The program of a separate JVM: it prints the bytes in use after 1,000, 2,000 and 12,000 steps. */
    static final class Training {
        private Training() {}

        public static void main(String[] arguments) {
            SplittableRandom rng = new SplittableRandom(1);
            Layer model = new Sequential(new Dense(2, 2, rng), new Sigmoid(), new Dense(2, 1, rng), new Sigmoid());
            SGD optimizer = new SGD(model.parameters(), 0.5).momentum(0.9);
            Tensor x = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
            Tensor y = Tensor.of(new double[][] {{0}, {1}, {1}, {0}});
            MSE mse = new MSE();
            for (int step = 1; step <= 12_000; step++) {
                optimizer.zeroGrad();
                mse.forward(model.forward(x), y).backward();
                optimizer.step();
                if (step == 1_000 || step == 2_000 || step == 12_000) {
                    System.gc();
                    Runtime runtime = Runtime.getRuntime();
                    System.out.println(runtime.totalMemory() - runtime.freeMemory());
                }
            }
        }
    }

    @Test
    void tenThousandStepsLeaveTheHeapFlatWithinOnePercent() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Training.class.getName())
                .redirectErrorStream(true)
                .start();
        String[] used = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split("\\s+", -1);
        assertThat(process.waitFor()).isZero();
        // The first number is left out, since memory that the JVM needed for its start is freed only by the second
        // collection.
        assertThat(Double.parseDouble(used[2]) / Double.parseDouble(used[1])).isBetween(0.99, 1.01);
    }
}
