package io.adjoint.distributions;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares with the files of golden.py and torch_golden.py, which say how their numbers were computed. */
class DensitiesTest {
    /**
     * The error that is allowed, in units of: the change by half an ulp of each argument, 4 ulp of the result, and 10⁻¹⁵. So no digits are
     * lost that the arguments have, up to parameters of 1e8 and tails of 1e-300.
     */
    private static final double UNITS = 3;

    @Test
    void densitiesAndTheirGradientsHaveAllDigits() {
        List<String> wrong = new ArrayList<>();
        for (GoldenRow row : GoldenRow.read("golden.txt")) {
            if (row.last().length > 0) {
                double[] got = computed(row);
                for (int k = 0; k < row.expected().length; k++) {
                    double expected = row.expected()[k];
                    double unit = row.last()[k] + 4 * Math.ulp(1.0) * Math.abs(expected) + 1e-15;
                    report(wrong, row, k, got[k], expected, UNITS * unit);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void distributionFunctionsQuantilesMomentsAndEntropiesAreThoseOfSciPy() {
        List<String> wrong = new ArrayList<>();
        for (GoldenRow row : GoldenRow.read("golden.txt")) {
            if (row.last().length == 0) {
                double expected = row.expected()[0];
                report(wrong, row, 0, computed(row)[0], expected, 2e-13 * Math.max(Math.abs(expected), 1e-2));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Without the 10⁻¹⁵ of {@link #UNITS}, and with 16 ulp of derivatives of distribution functions. */
    @Test
    void resultsAtExtremeArgumentsHaveTheDigitsThatTheGuideStates() {
        List<String> wrong = new ArrayList<>();
        for (GoldenRow row : GoldenRow.read("extremes.txt")) {
            double[] got = computed(row);
            double ulps = row.kind().equals("cdfGradient") ? 16 : 4;
            for (int k = 0; k < row.expected().length; k++) {
                double expected = row.expected()[k];
                double unit = row.last()[k] + ulps * Math.ulp(1.0) * Math.abs(expected);
                report(wrong, row, k, got[k], expected, UNITS * unit + exception(row, k));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** The errors that the guide to distributions states as exceptions. */
    private static double exception(GoldenRow row, int k) {
        double first = row.parameters()[0];
        double size = Math.abs(row.expected()[k]);
        return switch (row.kind() + " of " + row.name()) {
            case "entropy of StudentT" -> 1e-15 * first;
            case "entropy of Beta", "cdf of Binomial", "cdfGradient of Binomial" -> 1e-16 * first * size;
            case "cdf of StudentT", "icdf of StudentT" -> 1e-16 * first * size;
            // The gradient in the scale is −z·f(z).
            case "cdfGradient of StudentT" -> 1e-16 * (k == 0 ? Math.abs(row.expected()[2]) : first * size);
            case "variance of Weibull" -> 1e-16 * row.parameters()[1] * row.parameters()[1] * size;
            case "cdfGradient of Weibull" -> 1e-16 * Math.abs(Math.log(row.values()[0] / first)) * size;
            default -> 0;
        };
    }

    private static double[] computed(GoldenRow row) {
        Tensor[] p = row.leaves();
        Tensor value = row.values().length == 0
                ? Tensor.scalar(0)
                : Tensor.scalar(row.values()[0]).requiresGrad(!row.isDiscrete());
        Tensor result = row.result(p, value);
        if (!row.kind().endsWith("radient")) {
            return new double[] {result.item()};
        }
        List<Tensor> arguments = new ArrayList<>(Arrays.asList(p));
        if (row.name().startsWith("Binomial")) {
            arguments.remove(0);
        }
        if (arguments.size() < row.expected().length) {
            arguments.add(value);
        }
        return gradient(result, arguments);
    }

    private static double[] gradient(Tensor result, List<Tensor> arguments) {
        if (!result.requiresGrad()) {
            return new double[arguments.size()];
        }
        var gradients =
                Autograd.gradients(List.of(result), List.of(Tensor.onesLike(result)), arguments, GraphMode.FREE);
        return arguments.stream()
                .map(x -> gradients.find(x).orElse(Tensor.zerosLike(x)))
                .flatMapToDouble(g -> Arrays.stream(g.data().toDoubleArray()))
                .toArray();
    }

    private static void report(
            List<String> wrong, GoldenRow row, int k, double got, double expected, double tolerance) {
        boolean right = got == expected
                || Math.abs(got - expected) <= tolerance
                || (Double.isNaN(got) && Double.isNaN(expected));
        if (!right) {
            wrong.add(row.line() + " [" + k + "]: got " + got + ", tolerance " + tolerance);
        }
    }

    @Test
    void resultsAndGradientsAreThoseOfPyTorch() {
        List<String> wrong = new ArrayList<>();
        for (GoldenRow row : GoldenRow.read("torch.txt")) {
            if (!row.name().equals("-")
                    && !List.of("Dirichlet", "Categorical", "Multinomial", "MultivariateNormal")
                            .contains(row.name())) {
                Tensor[] p = row.leaves();
                Tensor result = row.result(p, Tensor.scalar(row.values().length == 0 ? 0 : row.values()[0]));
                compare(wrong, row, result, List.of(p));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** PyTorch's trigamma function has errors of 4e-10, and its Bessel functions have errors of 1e-7. */
    private static void compare(List<String> wrong, GoldenRow row, Tensor result, List<Tensor> leaves) {
        double expected = row.expected()[0];
        boolean isBessel = row.name().equals("VonMises");
        report(wrong, row, -1, result.item(), expected, (isBessel ? 1e-7 : 1e-12) * Math.max(1, Math.abs(expected)));
        double[] got = gradient(result, leaves);
        for (int k = 0; k < row.last().length; k++) {
            double slope = row.last()[k];
            boolean isCount = row.kind().equals("kl") ? k % 2 == 0 : k == 0;
            if (!row.name().startsWith("Binomial") || !isCount) {
                report(wrong, row, k, got[k], slope, (isBessel ? 1e-7 : 1e-9) * Math.max(1, Math.abs(slope)));
            }
        }
    }

    @Test
    void distributionsOfVectorsAreThoseOfPyTorch() {
        List<String> wrong = new ArrayList<>();
        for (GoldenRow row : GoldenRow.read("torch.txt")) {
            double[] p = row.parameters();
            Tensor value = Tensor.of(row.values());
            switch (row.name()) {
                case "Dirichlet", "Categorical", "Multinomial" -> {
                    List<Tensor> leaves = new ArrayList<>();
                    for (int k = 0; k < p.length; k += 3) {
                        leaves.add(Tensor.of(Arrays.copyOfRange(p, k, k + 3)).requiresGrad(true));
                    }
                    List<Distribution> families =
                            leaves.stream().map(x -> vectors(row.name(), x)).toList();
                    compare(wrong, row, of(row, families, value), leaves);
                }
                case "MultivariateNormal" -> {
                    List<Tensor> leaves = new ArrayList<>();
                    List<Distribution> families = new ArrayList<>();
                    for (int k = 0; k < p.length; k += 6) {
                        Tensor loc = Tensor.of(p[k], p[k + 1]).requiresGrad(true);
                        Tensor tril = Tensor.of(Arrays.copyOfRange(p, k + 2, k + 6))
                                .reshape(2, 2)
                                .detach()
                                .requiresGrad(true);
                        leaves.addAll(List.of(loc, tril));
                        families.add(new MultivariateNormal(loc, tril));
                    }
                    compare(wrong, row, of(row, families, value), leaves);
                }
                case "-" -> {
                    Bijection sticks = Bijection.stickBreaking();
                    Tensor x = Tensor.of(p);
                    assertThat(sticks.forward(x).allClose(value, 1e-14, 0)).isTrue();
                    assertThat(sticks.inverse(value).allClose(x, 1e-13, 0)).isTrue();
                    report(wrong, row, -1, sticks.logDetJacobian(x).item(), row.expected()[0], 1e-13);
                }
                default -> {}
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Distribution vectors(String name, Tensor p) {
        return switch (name) {
            case "Dirichlet" -> new Dirichlet(p);
            case "Categorical" -> Categorical.ofLogits(p);
            default -> Multinomial.ofLogits(7, p);
        };
    }

    private static Tensor of(GoldenRow row, List<Distribution> families, Tensor value) {
        boolean isIndex = row.name().equals("Categorical") && value.shape().size() == 1;
        Tensor at = isIndex ? value.to(DType.INT32).reshape(Shape.scalar()) : value;
        return switch (row.kind()) {
            case "logProb" -> families.get(0).logProb(at);
            case "entropy" -> families.get(0).entropy();
            default -> KL.divergence(families.get(0), families.get(1));
        };
    }
}
