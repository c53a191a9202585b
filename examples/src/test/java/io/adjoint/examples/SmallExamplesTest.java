package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Trees;
import io.adjoint.core.Generator;
import java.util.Comparator;
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

        assertThat(greeks.value().value()).isCloseTo(9.413403, within(0.05));
        assertThat(greeks.first().stream().map(MonteCarlo.Mean::value))
                .usingElementComparator(closeTo(0.3))
                .containsExactly(0.598706, 38.666812, 50.457229);
        assertThat(greeks.second().get(0).value()).isCloseTo(0.019333, within(0.001));
        assertThat(greeks.second().get(1).value()).isCloseTo(-0.096667, within(0.05));
        assertThat(greeks.first()).allSatisfy(mean -> assertThat(mean.error()).isBetween(1e-6, 0.2));
    }

    @Test
    void theValueOfHestonIsThatOfItsCharacteristicFunction() {
        MonteCarlo<Greeks.Heston> simulation = new MonteCarlo<>(
                (m, z) -> Greeks.discounted(m.rate(), Greeks.call(Greeks.end(m, z))), 104, 1_000, 10, 1);
        Greeks.Heston market = Greeks.Heston.of(100, 0.04, 1.5, 0.04, 0.3, -0.7, 0.03);
        MonteCarlo.Derivatives greeks = simulation.derivatives(market, Greeks.unit(market, 0));

        assertThat(greeks.value().value()).isCloseTo(9.193318, within(0.15));
        assertThat(greeks.first().stream().map(MonteCarlo.Mean::value))
                .usingElementComparator(closeTo(2))
                .containsExactly(0.663795, 48.851218, 0.115277, 47.103422, -1.607265, 0.016939, 57.186147);
        assertThat(greeks.second().get(0).value()).isCloseTo(0.018725, within(0.002));
    }

    private static Comparator<Double> closeTo(double tolerance) {
        return (a, b) -> Math.abs(a - b) <= tolerance ? 0 : Double.compare(a, b);
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
