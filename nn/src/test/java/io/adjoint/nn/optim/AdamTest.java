package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The trajectories are those of PyTorch 2.6 for the sum of squares from (1, 2) with learning rate 0.1. */
class AdamTest {
    private final Quadratic quadratic = new Quadratic();
    private final Adam adam = new Adam(quadratic.parameters(), 0.1);

    @Test
    void firstStepsAreAsLongAsTheLearningRate() {
        quadratic.follows(
                adam,
                new double[] {0.9000000005, 1.90000000025},
                new double[] {0.8004122286917927, 1.800166486115701},
                new double[] {0.7015862729460302, 1.700623392046465},
                new double[] {0.6039390605737459, 1.6015048952894209});
    }

    @Test
    void epsIsAddedOutsideTheRootAndAfterTheCorrection() {
        quadratic.follows(
                adam.eps(0.5),
                new double[] {0.92, 1.9111111111111112},
                new double[] {0.8408882995653921, 1.822571562063374},
                new double[] {0.7628760716160645, 1.7344803609272743},
                new double[] {0.6861921450278959, 1.64694192930479});
    }

    @Test
    void betasAndWeightDecayEnterTheMoments() {
        quadratic.follows(
                adam.betas(0.8, 0.9).eps(0.5).weightDecay(0.5),
                new double[] {0.9166666666666666, 1.9090909090909092},
                new double[] {0.8342408776131224, 1.8185296431521982},
                new double[] {0.7529998645535187, 1.7284360485260841},
                new double[] {0.6732486855068491, 1.6389354256033721});
    }

    @Test
    void theDefaultLearningRateIsOneThousandth() {
        assertThat(new Adam(quadratic.parameters()).learningRate()).isEqualTo(1e-3);
    }

    @Test
    void aParameterThatMissedStepsIsCorrectedByItsOwnCount() {
        Tensor late = Tensor.of(1).requiresGrad(true);
        Adam both = new Adam(List.of(quadratic.parameters().get(0), late), 0.1);
        quadratic.computeGradient();
        both.step();
        both.step();
        assertThat(late.item()).isEqualTo(1);

        late.square().sum().backward();
        both.step();
        assertThat(late.item()).isEqualTo(0.9000000005);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.betas(1.1, 0.9))
                .withMessage("Adam: the beta1 must be at least 0 and less than 1, got 1.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.betas(0.9, 1))
                .withMessage("Adam: the beta2 must be at least 0 and less than 1, got 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.eps(-1e-8))
                .withMessage("Adam: the eps must be finite and not negative, got -1.0E-8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.weightDecay(-1))
                .withMessage("Adam: the weight decay must be finite and not negative, got -1.0");
    }
}
