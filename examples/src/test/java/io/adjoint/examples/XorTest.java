package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class XorTest {
    @Test
    void theFirstStepIsThatOfTheDerivationAndTheTrainedNetworkAnswersRight() {
        Xor xor = new Xor();
        Printed.by(() -> xor.run(new CheckpointOptions()));

        // 4 outputs, the loss, 4 + 8 deltas, 9 derivatives and 9 updated parameters.
        assertThat(xor.comparisons())
                .hasSize(35)
                .allSatisfy(row -> assertThat(row.byAdjoint()).as(row.name()).isCloseTo(row.byHand(), within(1e-12)));
        assertThat(Arrays.stream(xor.answers()).map(Math::rint)).containsExactly(0.0, 1.0, 1.0, 0.0);
    }

    @Test
    void theProgramShowsAllSixSteps() {
        assertThat(Printed.by(() -> Xor.main(new String[0])))
                .contains("1. Initialise", "2. Forward", "3. Loss", "4. Backward", "5. Update", "6. Repeat")
                .contains("dE/dw00", "delta 1 (1,0)", "1 xor 0 = 1: the network computes 0.9");
    }

    @Test
    void theProgramTakesASeedAndGivesHelp() {
        assertThat(Printed.by(() -> Xor.main(new String[] {"--help"})))
                .contains("--seed")
                .doesNotContain("Initialise");
        assertThat(Printed.by(() -> Xor.main(new String[] {"--seed", "3"})))
                .isNotEqualTo(Printed.by(() -> Xor.main(new String[0])));
    }
}
