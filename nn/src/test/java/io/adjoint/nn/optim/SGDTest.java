package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** The trajectories are those of PyTorch 2.6 for the sum of squares from (1, 2) with learning rate 0.1. */
class SGDTest {
    private final Quadratic quadratic = new Quadratic();
    private final SGD sgd = new SGD(quadratic.parameters(), 0.1);

    @Test
    void plainDescentFollowsTheGradient() {
        quadratic.follows(sgd, 0.8, 0.64, 0.512, 0.4096);
    }

    @Test
    void weightDecayAddsTheParameterToItsGradient() {
        quadratic.follows(sgd.weightDecay(0.5), 0.75, 0.5625, 0.421875, 0.31640625);
    }

    @Test
    void momentumAddsUpGradientsBeginningWithTheFirst() {
        quadratic.follows(sgd.momentum(0.9), 0.8, 0.46, 0.062, -0.3086);
    }

    @Test
    void dampeningSparesTheFirstGradient() {
        quadratic.follows(sgd.momentum(0.9).dampening(0.5), 0.8, 0.54, 0.252, -0.0324);
    }

    @Test
    void nesterovLooksAhead() {
        quadratic.follows(sgd.nesterov(0.9), 0.62, 0.2224, -0.108352, -0.32482304);
    }

    @Test
    void weightDecayTakesPartInMomentum() {
        quadratic.follows(sgd.momentum(0.9).weightDecay(0.5), 0.75, 0.3375, -0.118125, -0.49865625);
    }

    @Test
    void nesterovNeedsMomentumAndNoDampening() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.nesterov(0))
                .withMessage("SGD: the momentum must be positive and finite, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.nesterov(0.9).dampening(0.1))
                .withMessage("SGD: the dampening must be finite, and 0 with Nesterov's momentum, got 0.1");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.momentum(-1))
                .withMessage("SGD: the momentum must be finite and not negative, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.weightDecay(Double.NaN))
                .withMessage("SGD: the weight decay must be finite and not negative, got NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.dampening(Double.POSITIVE_INFINITY))
                .withMessage("SGD: the dampening must be finite, and 0 with Nesterov's momentum, got Infinity");
    }
}
