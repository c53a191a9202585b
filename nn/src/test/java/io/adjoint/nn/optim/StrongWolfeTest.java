package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class StrongWolfeTest {
    /** Along polynomials, from the coefficient of 1 on; the script beside the file writes it with PyTorch. */
    @ParameterizedTest
    @CsvFileSource(resources = "line-searches.txt", delimiter = '|')
    void stepsAndTriesArePyTorchs(String coefficients, double first, double tolerance, double step, int tries) {
        double[] c = Arrays.stream(coefficients.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        StrongWolfe search = new StrongWolfe(t -> at(t, c), at(0, c));
        StrongWolfe.Point found = search.search(first, 1, tolerance);

        assertThat(found.step()).isCloseTo(step, within(1e-10 * Math.max(1, Math.abs(step))));
        assertThat(search.tries()).isEqualTo(tries);
    }

    private static StrongWolfe.Point at(double t, double... c) {
        double value = 0;
        double slope = 0;
        for (int i = c.length - 1; i >= 0; i--) {
            value = value * t + c[i];
            slope = i == 0 ? slope : slope * t + i * c[i];
        }
        return new StrongWolfe.Point(t, value, new Flat(new double[] {slope}), slope);
    }
}
