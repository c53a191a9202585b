package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.autograd.Tensor;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OptimizerSettingsTest {
    private final List<Tensor> parameters = List.of(Tensor.of(1, 2).requiresGrad(true));

    @Test
    void aSettingOutOfItsRangeIsRefused() {
        List<ThrowingCallable> calls = List.of(
                () -> new Rprop(parameters).etas(0, 1.2),
                () -> new Rprop(parameters).etas(1, 1.2),
                () -> new Rprop(parameters).etas(0.5, 1),
                () -> new Rprop(parameters).stepSizes(2, 1),
                () -> new Adafactor(parameters).clipping(0),
                () -> new Adafactor(parameters).clipping(Double.POSITIVE_INFINITY),
                () -> new Adafactor(parameters).beta2Decay(0.1),
                () -> new Adafactor(parameters).beta2Decay(Double.NEGATIVE_INFINITY),
                () -> new LBFGS(parameters).history(0),
                () -> new LBFGS(parameters).maxIterations(0),
                () -> new LBFGS(parameters).maxEvaluations(0));
        for (ThrowingCallable call : calls) {
            assertThatIllegalArgumentException()
                    .as("call %d", calls.indexOf(call))
                    .isThrownBy(call);
        }
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
