package io.adjoint.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tests losses, weights and bounds with results of SciPy's {@code least_squares}; {@code least_squares.py} has its calls. */
class ScipyTest {
    @TestFactory
    Stream<DynamicTest> goldenRows() throws IOException {
        List<String[]> rows = new ArrayList<>();
        try (InputStream file = ScipyTest.class.getResourceAsStream("least_squares.tsv")) {
            new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> rows.add(line.split("\t")));
        }
        Tensor t = numbers(rows.get(0)[1]);
        Tensor y = numbers(rows.get(1)[1]);
        Tensor w = numbers(rows.get(2)[1]);
        return rows.stream()
                .skip(3)
                .map(row -> DynamicTest.dynamicTest(
                        String.join(" ", List.of(row).subList(0, 5)), () -> check(row, t, y, w)));
    }

    private static void check(String[] row, Tensor t, Tensor y, Tensor w) {
        LeastSquares<Tensor> squares = LeastSquares.of(model(row[0], t, y))
                .loss(RobustLoss.valueOf(row[1].toUpperCase(Locale.ROOT)), Double.parseDouble(row[2]))
                .bounds(numbers(row[3]), numbers(row[4]));
        if (row[0].equals("weighted")) {
            squares = squares.weights(w);
        }
        Tensor expected = numbers(row[6]);
        double cost = Double.parseDouble(row[7]);

        Fit<Tensor> fit = squares.from(numbers(row[5]));

        assertThat(fit.ending().converged()).as(fit.toString()).isTrue();
        assertThat(fit.cost()).as(fit.toString()).isCloseTo(cost, within(1e-9 * cost + 1e-20));
        for (int k = 0; k < expected.shape().size(); k++) {
            double value = expected.select(0, k).item();
            assertThat(fit.parameters().select(0, k).item())
                    .as(fit.toString())
                    .isCloseTo(value, within(1e-6 * Math.abs(value)));
        }
        if (!row[8].equals("-")) {
            double[] covariance = numbers(row[8]).data().toDoubleArray();
            double[] found = fit.covarianceOfKnownWeights().data().toDoubleArray();
            for (int k = 0; k < covariance.length; k++) {
                assertThat(found[k]).isCloseTo(covariance[k], within(2e-5 * Math.abs(covariance[k])));
            }
        }
    }

    private static Function<Tensor, Tensor> model(String name, Tensor t, Tensor y) {
        return switch (name) {
            case "decay", "weighted" ->
                p -> part(p, 0)
                        .mul(part(p, 1).mul(t).neg().exp())
                        .add(part(p, 2))
                        .sub(y);
            case "rosenbrock" ->
                p -> Tensor.stack(
                        0,
                        part(p, 1).sub(part(p, 0).square()).mul(10),
                        part(p, 0).neg().add(1));
            case "powell" ->
                p -> Tensor.stack(
                        0,
                        part(p, 0).add(part(p, 1).mul(10)),
                        part(p, 2).sub(part(p, 3)).mul(Math.sqrt(5)),
                        part(p, 1).sub(part(p, 2).mul(2)).square(),
                        part(p, 0).sub(part(p, 3)).square().mul(Math.sqrt(10)));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Tensor part(Tensor p, int k) {
        return p.select(0, k);
    }

    private static Tensor numbers(String text) {
        return Tensor.of(
                Stream.of(text.split(" ")).mapToDouble(Double::parseDouble).toArray());
    }
}
