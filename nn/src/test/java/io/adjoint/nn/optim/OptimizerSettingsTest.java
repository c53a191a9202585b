package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.adjoint.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerSettingsTest {
    private final List<Tensor> parameters = List.of(Tensor.of(1, 2).requiresGrad(true));

    @Test
    void aSettingOutOfItsRangeIsRefused() {
        SGD sgd = new SGD(parameters, 0.1);
        refused(() -> sgd.momentum(-1)).withMessage("SGD: the momentum must be finite and not negative, got -1.0");
        refused(() -> sgd.weightDecay(Double.NaN))
                .withMessage("SGD: the weight decay must be finite and not negative, got NaN");
        refused(() -> sgd.dampening(Double.POSITIVE_INFINITY))
                .withMessage("SGD: the dampening must be finite, and 0 with Nesterov's momentum, got Infinity");
        Adam adam = new Adam(parameters);
        refused(() -> adam.betas(1.1, 0.9)).withMessage("Adam: the beta1 must be at least 0 and less than 1, got 1.1");
        refused(() -> adam.betas(0.9, 1)).withMessage("Adam: the beta2 must be at least 0 and less than 1, got 1.0");
        refused(() -> adam.eps(-1e-8)).withMessage("Adam: the eps must be finite and not negative, got -1.0E-8");
        refused(() -> adam.weightDecay(-1))
                .withMessage("Adam: the weight decay must be finite and not negative, got -1.0");
        refused(() -> new Rprop(parameters).etas(0, 1.2));
        refused(() -> new Rprop(parameters).etas(1, 1.2));
        refused(() -> new Rprop(parameters).etas(0.5, 1));
        refused(() -> new Rprop(parameters).stepSizes(2, 1));
        refused(() -> new Adafactor(parameters).clipping(0));
        refused(() -> new Adafactor(parameters).clipping(Double.POSITIVE_INFINITY));
        refused(() -> new Adafactor(parameters).beta2Decay(0.1));
        refused(() -> new Adafactor(parameters).beta2Decay(Double.NEGATIVE_INFINITY));
        refused(() -> new LBFGS(parameters).history(0));
        refused(() -> new LBFGS(parameters).maxIterations(0));
        refused(() -> new LBFGS(parameters).maxEvaluations(0));
    }

    @Test
    void nesterovNeedsMomentumAndNoDampening() {
        SGD sgd = new SGD(parameters, 0.1);
        refused(() -> sgd.nesterov(0)).withMessage("SGD: the momentum must be positive and finite, got 0.0");
        refused(() -> sgd.nesterov(0.9).dampening(0.1))
                .withMessage("SGD: the dampening must be finite, and 0 with Nesterov's momentum, got 0.1");
    }

    @Test
    void theDefaultLearningRateOfAdamIsOneThousandth() {
        assertThat(new Adam(parameters).learningRate()).isEqualTo(1e-3);
    }

    @Test
    void aSettingAtTheEndOfItsRangeIsTaken() {
        assertThatCode(() -> {
                    new LBFGS(parameters).history(1).maxIterations(1).maxEvaluations(1);
                    new Adafactor(parameters).beta2Decay(0).clipping(1);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void theTextHasTheSettings() {
        assertThat(new Adafactor(parameters)).asString().contains("beta2 decay -0.8, eps2 0.001, clipping 1.0");
        assertThat(new Adafactor(parameters).eps(1e-9, 0.01)).asString().contains("eps1 1.0E-9, eps2 0.01");
        assertThat(new RAdam(parameters)).asString().doesNotContain("decoupled");
        assertThat(new RAdam(parameters).decoupled()).asString().contains("decoupled weight decay");
    }
}
