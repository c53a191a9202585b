package io.adjoint.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests fits with the 27 problems of NIST's Statistical Reference Datasets, from both of their starts, with all settings at their defaults. */
class NistTest {
    /** The certified digits that parameters and standard deviations must have; {@code -log10} of the largest relative error. */
    private static final double DIGITS = 6;

    /** A model's values at parameters of shape [n] and predictors of shape [m], or [2, m]. */
    private interface Model {
        Tensor at(Parts b, Tensor x);
    }

    /** The elements of a vector of parameters, numbered from 1 as NIST does. */
    private record Parts(Tensor b) {
        Tensor get(int k) {
            return b.select(0, k - 1);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // nothing compares them
    private record Problem(
            List<double[]> starts, double[] certified, double[] deviations, double squares, Tensor x, Tensor y) {}

    private static final Map<String, Model> MODELS = models();

    private static Map<String, Model> models() {
        Map<String, Model> models = new LinkedHashMap<>();
        Model saturation = (b, x) -> b.get(1).mul(b.get(2).mul(x).neg().expm1().neg());
        Model chwirut =
                (b, x) -> b.get(1).mul(x).neg().exp().div(b.get(2).add(b.get(3).mul(x)));
        Model gauss = (b, x) ->
                b.get(1).mul(b.get(2).mul(x).neg().exp()).add(bell(b, 3, x)).add(bell(b, 6, x));
        Model cubics = (b, x) -> polynomial(x, b.get(1), b.get(2), b.get(3), b.get(4))
                .div(polynomial(x, Tensor.scalar(1), b.get(5), b.get(6), b.get(7)));
        Model lanczos = (b, x) -> decay(b, 1, x).add(decay(b, 3, x)).add(decay(b, 5, x));
        models.put("Misra1a", saturation);
        models.put("Chwirut2", chwirut);
        models.put("Chwirut1", chwirut);
        models.put("Lanczos3", lanczos);
        models.put("Gauss1", gauss);
        models.put("Gauss2", gauss);
        models.put("DanWood", (b, x) -> b.get(1).mul(x.pow(b.get(2))));
        models.put(
                "Misra1b",
                (b, x) ->
                        b.get(1).mul(b.get(2).mul(x).div(2).add(1).pow(-2).neg().add(1)));
        models.put(
                "Kirby2",
                (b, x) -> polynomial(x, b.get(1), b.get(2), b.get(3))
                        .div(polynomial(x, Tensor.scalar(1), b.get(4), b.get(5))));
        models.put("Hahn1", cubics);
        models.put(
                "Nelson",
                (b, x) -> b.get(1)
                        .sub(b.get(2)
                                .mul(x.select(0, 0))
                                .mul(b.get(3).mul(x.select(0, 1)).neg().exp())));
        models.put(
                "MGH17",
                (b, x) -> b.get(1)
                        .add(b.get(2).mul(x.mul(b.get(4)).neg().exp()))
                        .add(b.get(3).mul(x.mul(b.get(5)).neg().exp())));
        models.put("Lanczos1", lanczos);
        models.put("Lanczos2", lanczos);
        models.put("Gauss3", gauss);
        models.put(
                "Misra1c",
                (b, x) -> b.get(1)
                        .mul(b.get(2).mul(x).mul(2).add(1).pow(-0.5).neg().add(1)));
        models.put(
                "Misra1d",
                (b, x) -> b.get(1).mul(b.get(2)).mul(x).div(b.get(2).mul(x).add(1)));
        models.put(
                "Roszman1",
                (b, x) -> b.get(1)
                        .sub(b.get(2).mul(x))
                        .sub(b.get(3).div(x.sub(b.get(4))).atan().div(Math.PI)));
        models.put(
                "ENSO",
                (b, x) -> b.get(1)
                        .add(wave(b.get(2), b.get(3), Tensor.scalar(12), x))
                        .add(wave(b.get(5), b.get(6), b.get(4), x))
                        .add(wave(b.get(8), b.get(9), b.get(7), x)));
        models.put(
                "MGH09",
                (b, x) -> b.get(1)
                        .mul(x.square().add(x.mul(b.get(2))))
                        .div(x.square().add(x.mul(b.get(3))).add(b.get(4))));
        models.put("Thurber", cubics);
        models.put("BoxBOD", saturation);
        models.put(
                "Rat42",
                (b, x) -> b.get(1).div(b.get(2).sub(b.get(3).mul(x)).exp().add(1)));
        models.put("MGH10", (b, x) -> b.get(1).mul(b.get(2).div(x.add(b.get(3))).exp()));
        models.put(
                "Eckerle4",
                (b, x) -> b.get(1)
                        .div(b.get(2))
                        .mul(x.sub(b.get(3)).div(b.get(2)).square().mul(-0.5).exp()));
        models.put(
                "Rat43",
                (b, x) -> b.get(1)
                        .div(b.get(2)
                                .sub(b.get(3).mul(x))
                                .exp()
                                .add(1)
                                .pow(b.get(4).reciprocal())));
        models.put(
                "Bennett5",
                (b, x) -> b.get(1).mul(b.get(2).add(x).pow(b.get(3).reciprocal().neg())));
        return models;
    }

    private static Tensor polynomial(Tensor x, Tensor... coefficients) {
        Tensor value = coefficients[coefficients.length - 1];
        for (int k = coefficients.length - 2; k >= 0; k--) {
            value = value.mul(x).add(coefficients[k]);
        }
        return value;
    }

    private static Tensor decay(Parts b, int first, Tensor x) {
        return b.get(first).mul(b.get(first + 1).mul(x).neg().exp());
    }

    private static Tensor bell(Parts b, int first, Tensor x) {
        return b.get(first)
                .mul(x.sub(b.get(first + 1))
                        .div(b.get(first + 2))
                        .square()
                        .neg()
                        .exp());
    }

    private static Tensor wave(Tensor cosine, Tensor sine, Tensor period, Tensor x) {
        Tensor angle = x.mul(2 * Math.PI).div(period);
        return cosine.mul(angle.cos()).add(sine.mul(angle.sin()));
    }

    static Stream<Arguments> starts() {
        return MODELS.keySet().stream().flatMap(name -> Stream.of(Arguments.of(name, 1), Arguments.of(name, 2)));
    }

    @ParameterizedTest(name = "{0} from start {1}")
    @MethodSource("starts")
    void certifiedValues(String name, int start) {
        Problem problem = read(name);
        Model model = Objects.requireNonNull(MODELS.get(name));

        Fit<Tensor> fit = LeastSquares.of(
                        (Tensor b) -> model.at(new Parts(b), problem.x()).sub(problem.y()))
                .from(Tensor.of(problem.starts().get(start - 1)));

        double digits = digits(fit.parameters(), problem.certified());
        double ofErrors = digits(fit.standardErrors(), problem.deviations());
        assertThat(fit.ending().converged()).as(fit.toString()).isTrue();
        assertThat(digits).as(fit.toString()).isGreaterThanOrEqualTo(DIGITS);
        // Lanczos1's residuals, 1e-13, are rounding errors.
        if (!name.equals("Lanczos1")) {
            assertThat(ofErrors).as(fit.toString()).isGreaterThanOrEqualTo(DIGITS);
            assertThat(digits(Tensor.of(2 * fit.cost()), new double[] {problem.squares()}))
                    .isGreaterThanOrEqualTo(9);
        }
    }

    private static double digits(Tensor values, double[] certified) {
        double largest = 1e-11;
        double[] found = values.data().toDoubleArray();
        for (int k = 0; k < certified.length; k++) {
            double error = Math.abs(found[k] - certified[k]) / Math.abs(certified[k]);
            largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(largest, error);
        }
        return -Math.log10(largest);
    }

    private static Problem read(String name) {
        List<double[]> parameters = new ArrayList<>();
        List<double[]> data = new ArrayList<>();
        double squares = Double.NaN;
        boolean inData = false;
        for (String line : lines(name)) {
            if (line.matches("\\s*b\\d\\s*=.*")) {
                parameters.add(numbers(line.substring(line.indexOf('=') + 1)));
            } else if (line.startsWith("Residual Sum of Squares:")) {
                squares =
                        Double.parseDouble(line.substring(line.indexOf(':') + 1).strip());
            } else if (line.startsWith("Data:") && !Double.isNaN(squares)) {
                inData = true;
            } else if (inData && !line.isBlank()) {
                data.add(numbers(line));
            }
        }
        double[] y = column(data, 0);
        boolean nelson = name.equals("Nelson");
        Tensor x = nelson ? Tensor.of(new double[][] {column(data, 1), column(data, 2)}) : Tensor.of(column(data, 1));
        return new Problem(
                List.of(column(parameters, 0), column(parameters, 1)),
                column(parameters, 2),
                column(parameters, 3),
                squares,
                x,
                nelson ? Tensor.of(y).log() : Tensor.of(y));
    }

    private static double[] column(List<double[]> rows, int k) {
        return rows.stream().mapToDouble(row -> row[k]).toArray();
    }

    private static double[] numbers(String line) {
        return Stream.of(line.strip().split("\\s+"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static List<String> lines(String name) {
        try (InputStream file = NistTest.class.getResourceAsStream("nist/" + name + ".dat")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
