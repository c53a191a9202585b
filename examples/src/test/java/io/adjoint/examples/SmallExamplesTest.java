package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
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
}
