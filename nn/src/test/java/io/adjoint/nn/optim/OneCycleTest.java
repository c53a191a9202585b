package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OneCycleTest {
    @Test
    void aRiseOfOneStepBeginsAtTheLargestValue() {
        OneCycle cycle = new OneCycle(1, 10).warmUp(0.1);

        assertThat(cycle.at(0)).isCloseTo(1, within(1e-15));
        assertThat(cycle.at(1)).isBetween(0.9, 1.0);
        assertThat(cycle.at(9)).isCloseTo(1 / 25.0 / 1e4, within(1e-15));
        assertThat(cycle.momentum(0.85, 0.95).at(0)).isCloseTo(0.85, within(1e-15));
    }

    @Test
    void refusesTheHighMomentumBeforeTheLowOne() {
        OneCycle cycle = new OneCycle(1, 10);

        refused(() -> cycle.momentum(0.95, 0.85))
                .withMessage("OneCycle: the low momentum must come first, and be at most the high one, 0.85, got 0.95");
        assertThat(cycle.momentum(0.9, 0.9).at(5)).isEqualTo(0.9);
    }
}
