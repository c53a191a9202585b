package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A line of {@code golden.txt}, {@code extremes.txt} or {@code torch.txt}: a result of a family with parameters at values, and a last list of numbers. */
@SuppressWarnings("ArrayRecordComponent") // nothing compares them
record GoldenRow(
        String kind, String name, double[] parameters, double[] values, double[] expected, double[] last, String line) {
    static List<GoldenRow> read(String file) {
        return text(file).lines().map(GoldenRow::of).toList();
    }

    static String text(String file) {
        try (InputStream in = Objects.requireNonNull(GoldenRow.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenRow of(String line) {
        String[] words = line.split(" ", -1);
        return new GoldenRow(
                words[0], words[1], numbers(words[2]), numbers(words[3]), numbers(words[4]), numbers(words[5]), line);
    }

    private static double[] numbers(String list) {
        return list.equals("-")
                ? new double[0]
                : Arrays.stream(list.split(",", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
    }

    /** Parameters, each a scalar that requires a gradient. */
    Tensor[] leaves() {
        return Arrays.stream(parameters)
                .mapToObj(x -> Tensor.scalar(x).requiresGrad(true))
                .toArray(Tensor[]::new);
    }

    /** The result of a scalar family, by its parameters and its value. */
    Tensor result(Tensor[] p, Tensor value) {
        if (kind.equals("kl")) {
            int n = p.length / 2;
            return KL.divergence(
                    Families.of(name, Arrays.copyOf(p, n)), Families.of(name, Arrays.copyOfRange(p, n, 2 * n)));
        }
        Distribution family = Families.of(name, p);
        return switch (kind) {
            case "logProb", "gradient" -> family.logProb(value);
            case "cdf", "cdfGradient" -> family.cdf(value);
            case "icdf" -> family.icdf(value);
            case "mean" -> family.mean();
            case "variance" -> family.variance();
            case "entropy" -> family.entropy();
            default -> throw new IllegalArgumentException(kind);
        };
    }

    boolean isDiscrete() {
        return name.matches("Poisson|Bernoulli.*|Geometric|.*Binomial.*");
    }
}
