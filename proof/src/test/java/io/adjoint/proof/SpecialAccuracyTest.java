package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.math.IncompleteGamma;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests special functions, and their derivatives in parameters, by the values of {@code special-functions.txt}: the errors are within 4 ulp
 * times 1 plus the condition number, the error that rounding the arguments makes.
 */
@Tag("any-jdk")
class SpecialAccuracyTest {
    private static final Map<String, Function<Tensor[], Tensor>> FUNCTIONS = Map.ofEntries(
            Map.entry("erfcx", t -> t[0].erfcx()),
            Map.entry("i0", t -> t[0].i0()),
            Map.entry("i0e", t -> t[0].i0e()),
            Map.entry("i1", t -> t[0].i1()),
            Map.entry("i1e", t -> t[0].i1e()),
            Map.entry("ndtr", t -> t[0].ndtr()),
            Map.entry("logNdtr", t -> t[0].logNdtr()),
            Map.entry("ndtri", t -> t[0].ndtri()),
            Map.entry("zeta", t -> t[0].zeta(t[1])),
            Map.entry("igamma", t -> t[0].igamma(t[1])),
            Map.entry("igammac", t -> t[0].igammac(t[1])),
            Map.entry("betainc", t -> t[0].betainc(t[1], t[2])));

    @Test
    void valuesAndDerivativesAreWithinTheErrorOfRoundedArguments() throws IOException {
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SpecialAccuracyTest.class.getResourceAsStream("special-functions.txt")),
                StandardCharsets.UTF_8))) {
            List<String[]> rows = table.lines().map(line -> line.split(" ")).toList();
            assertThat(rows).hasSizeGreaterThan(400);
            for (String[] row : rows) {
                int last = row.length - 1;
                BigDecimal exact = new BigDecimal(row[last - 1]);
                double value = computed(row[0], Arrays.copyOfRange(row, 1, last - 1));
                double error = exact.subtract(new BigDecimal(value)).abs().doubleValue();
                assertThat(error / Math.ulp(exact.doubleValue()))
                        .as("ulps of %s = %s", String.join(" ", row), value)
                        .isLessThanOrEqualTo(Double.parseDouble(row[last]));
            }
        }
    }

    private static double computed(String name, String... arguments) {
        double[] numbers = Stream.of(arguments).mapToDouble(Double::parseDouble).toArray();
        if (name.equals("igamma_aa")) {
            return IncompleteGamma.lower(2, numbers[0], numbers[1]);
        }
        Tensor[] inputs = Arrays.stream(numbers).mapToObj(Tensor::scalar).toArray(Tensor[]::new);
        String[] parts = name.split("_", -1);
        Function<Tensor[], Tensor> function = Objects.requireNonNull(FUNCTIONS.get(parts[0]), name);
        if (parts.length == 1) {
            return function.apply(inputs).item();
        }
        int parameter = parts[1].equals("a") ? 0 : 1;
        Tensor leaf = inputs[parameter].requiresGrad(true);
        inputs[parameter] = leaf;
        function.apply(inputs).backward();
        return Objects.requireNonNull(leaf.grad()).item();
    }
}
