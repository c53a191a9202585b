package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.Generator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SmallExamplesTest {
    @Test
    void theCustomOperationHasTheRightGradientUpToOrderThree() {
        GradCheck.check(3, x -> CustomOp.softplus(x[0]), Tensor.of(-30, -1.5, 0, 0.2, 3, 30));
    }

    @Test
    void theCheckFindsTheMistakeInTheWrongRule() {
        assertThat(Printed.by(() -> CustomOp.main(new String[0])))
                .contains("softplus:      gradients agree up to order 2")
                .containsPattern("wrongSoftplus: gradient of order 1 .* by the backward rules, but .* by differences");
    }

    @Test
    void theRegressionFindsTheLine() {
        double[] line = Regression.fit(7);

        assertThat(line[0]).isCloseTo(Regression.SLOPE, within(0.1));
        assertThat(line[1]).isCloseTo(Regression.INTERCEPT, within(0.1));
        assertThat(Printed.by(() -> Regression.main(new String[0]))).contains("fitted line: y = 2.00");
    }

    @Test
    void theGreeksOfOneStepAreTheFormulasOfBlackAndScholes() {
        MonteCarlo<Greeks.Market> simulation = new MonteCarlo<>(
                (m, z) -> Greeks.discounted(
                        m.rate(), Greeks.call(Greeks.prices(m, z).select(0, 0))),
                1,
                5_000,
                20,
                1);
        Greeks.Market market = Greeks.Market.of(100, 0.2, 0.03);
        MonteCarlo.Derivatives greeks = simulation.derivatives(market, Greeks.unit(market, 0));

        assertAgree(greeks, 9.413403, 0.598706, 38.666812, 50.457229, 0.019333, -0.096667);
    }

    /** The script heston.py prints the expected numbers. */
    @Test
    void valueAndDerivativesOfHestonAgreeWithItsCharacteristicFunction() {
        MonteCarlo<Greeks.Heston> simulation = new MonteCarlo<>(
                (m, z) -> Greeks.discounted(m.rate(), Greeks.call(Greeks.end(m, z))), 104, 1_000, 10, 1);
        Greeks.Heston market = Greeks.Heston.of(100, 0.04, 1.5, 0.04, 0.3, -0.7, 0.03);
        MonteCarlo.Derivatives greeks = simulation.derivatives(market, Greeks.unit(market, 0));

        assertAgree(
                greeks, 9.193318, 0.663795, 48.851218, 0.115277, 47.103422, -1.607265, 0.016939, 57.186147, 0.018724);
    }

    /**
     * Asserts that the value, the first derivatives, and the first of the second ones differ by at most four standard errors, which are
     * small.
     */
    private static void assertAgree(MonteCarlo.Derivatives greeks, double... expected) {
        List<MonteCarlo.Mean> means = Stream.of(List.of(greeks.value()), greeks.first(), greeks.second())
                .flatMap(List::stream)
                .toList();
        for (int k = 0; k < expected.length; k++) {
            MonteCarlo.Mean mean = means.get(k);
            assertThat(mean.value()).as("number " + k).isCloseTo(expected[k], within(4 * mean.error()));
            boolean isSecond = k > greeks.first().size();
            double size = Math.abs(expected[k]);
            assertThat(mean.error()).isLessThan(isSecond ? 0.1 * size : Math.max(0.2 * size, 0.1));
        }
    }

    @Test
    void theGradientsOfASimulationAreItsDifferences() {
        Greeks.Heston market = Greeks.Heston.of(100, 0.04, 1.5, 0.04, 0.3, -0.7, 0.03);
        Tensor z = Tensor.randn(new Generator(1), 8, 5);

        GradCheck.check(
                2,
                p -> Greeks.call(Greeks.end(new Greeks.Heston(p[0], p[1], p[2], p[3], p[4], p[5], p[6]), z)),
                Trees.leaves(market).values().toArray(new Tensor[0]));
    }

    @Test
    @Tag("slow")
    void theGreeksPrintTheirTables() {
        assertThat(Printed.by(() -> Greeks.main(new String[0])))
                .containsPattern("d/dspot +0\\.5[0-9]+ ± 0\\.00[0-9]+ +differences +0\\.5")
                .contains("d²/dspot dvolatility", "d/dcorrelation", "the differences took 17 simulations", "width 0.5");
    }
}
