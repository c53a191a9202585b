package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.Generator;
import io.adjoint.nn.layer.Dense;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures the figures of docs/backpropagation.md: how many of 300 trainings learn exclusive or, with errors and without. */
@Tag("slow")
class XorMistakesTest {
    private static final int SEEDS = 300;
    private static final int STEPS = 5000;
    private static final Pattern ROW = Pattern.compile("\\| (.+) \\| ([0-9]+) \\|");

    /**
     * Gradient descent on the batch of the four samples, by the formulas of the page.
     *
     * @param rate the step's length, by which the mean of the samples' gradients is multiplied; negative to add the gradient
     * @param slope whether δ of the output contains y·(1 − y)
     */
    private record Descent(int hidden, double rate, double momentum, boolean bias, boolean slope) {
        /** Returns whether all four outputs are on the right side of ½ at the end. */
        boolean succeeds(long seed) {
            Generator generator = new Generator(seed);
            double[] p = Stream.concat(
                            new Dense(2, hidden, generator).parameters().stream(),
                            new Dense(hidden, 1, generator).parameters().stream())
                    .flatMapToDouble(tensor -> DoubleStream.of(tensor.data().toDoubleArray()))
                    .toArray();
            if (!bias) {
                for (int j = 0; j < hidden; j++) {
                    p[2 * hidden + j] = 0;
                }
                p[4 * hidden] = 0;
            }
            double[] velocity = new double[p.length];
            for (int step = 0; step < STEPS; step++) {
                double[] gradient = new double[p.length];
                pass(p, gradient);
                for (int k = 0; k < p.length; k++) {
                    velocity[k] = momentum * velocity[k] + gradient[k];
                    p[k] -= rate * velocity[k];
                }
            }
            return pass(p, new double[p.length]);
        }

        private boolean pass(double[] p, double[] gradient) {
            boolean right = true;
            double[] h = new double[hidden];
            for (int sample = 0; sample < 4; sample++) {
                double x0 = sample >> 1;
                double x1 = sample & 1;
                double t = x0 == x1 ? 0 : 1;
                double z = p[4 * hidden];
                for (int j = 0; j < hidden; j++) {
                    h[j] = sigmoid(p[2 * j] * x0 + p[2 * j + 1] * x1 + p[2 * hidden + j]);
                    z += p[3 * hidden + j] * h[j];
                }
                double y = sigmoid(z);
                right &= y > 0.5 == t > 0.5;

                double delta = (y - t) / 4 * (slope ? y * (1 - y) : 1);
                gradient[4 * hidden] += bias ? delta : 0;
                for (int j = 0; j < hidden; j++) {
                    double deltaHidden = delta * p[3 * hidden + j] * h[j] * (1 - h[j]);
                    gradient[3 * hidden + j] += delta * h[j];
                    gradient[2 * hidden + j] += bias ? deltaHidden : 0;
                    gradient[2 * j] += deltaHidden * x0;
                    gradient[2 * j + 1] += deltaHidden * x1;
                }
            }
            return right;
        }

        private static double sigmoid(double z) {
            return 1 / (1 + StrictMath.exp(-z));
        }
    }

    private static final Map<String, Descent> ROWS = Map.ofEntries(
            Map.entry("no error", new Descent(2, 1, 0, true, true)),
            Map.entry("the gradient added", new Descent(2, -1, 0, true, true)),
            Map.entry("no learning rate, the four gradients summed", new Descent(2, 4, 0, true, true)),
            Map.entry("the same with each sample 25 times", new Descent(2, 100, 0, true, true)),
            Map.entry("no bias", new Descent(2, 1, 0, false, true)),
            Map.entry("no slope of the output's sigmoid", new Descent(2, 1, 0, true, false)),
            Map.entry("all four errors", new Descent(2, -4, 0, false, false)),
            Map.entry("all but the added gradient", new Descent(2, 4, 0, false, false)),
            Map.entry("2-2-1, momentum 0.9", new Descent(2, 1, 0.9, true, true)),
            Map.entry("2-3-1, momentum 0.9", new Descent(3, 1, 0.9, true, true)),
            Map.entry("2-4-1, momentum 0.9", new Descent(4, 1, 0.9, true, true)));

    @Test
    void thePageSaysHowManyTrainingsSucceed() throws IOException {
        Path page = Path.of(System.getProperty("basedir", ""), "..", "docs", "backpropagation.md");
        Map<String, Long> said = ROW.matcher(Files.readString(page))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> Long.valueOf(row.group(2))));
        Map<String, Long> measured =
                ROWS.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, row -> successes(row.getValue())));

        assertThat(said).isEqualTo(measured);
    }

    private static long successes(Descent descent) {
        return LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .filter(descent::succeeds)
                .count();
    }
}
