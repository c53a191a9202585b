package io.adjoint.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.JacobianMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FitEvaluationsTest {
    private static final Tensor T = Tensor.linspace(0, 3, 7);
    private static final Tensor Y = T.mul(-0.7).exp().mul(3).add(T.sin().mul(0.1));

    private static Tensor residuals(Tensor p) {
        return T.mul(p.select(0, 1).neg()).exp().mul(p.select(0, 0)).sub(Y);
    }

    /** By rows, a Jacobian runs the function once, and each iterate has one. */
    @Test
    void theFunctionRunsOnceForEachTrialAndEachJacobian() {
        int[] runs = {0};
        Fit<Tensor> fit = LeastSquares.of((Tensor p) -> {
                    runs[0]++;
                    return residuals(p);
                })
                .jacobian(JacobianMode.ROWS)
                .from(Tensor.of(1, 1));

        assertThat(fit.ending().converged()).isTrue();
        assertThat(runs[0]).isEqualTo(fit.evaluations() + fit.history().size());
    }

    @ParameterizedTest
    @EnumSource(RobustLoss.class)
    void theResidualsAreTheFunctionsValuesAtTheParameters(RobustLoss loss) {
        Fit<Tensor> fit = LeastSquares.of(FitEvaluationsTest::residuals)
                .loss(loss, 0.1)
                .weights(Tensor.linspace(1, 2, 7))
                .from(Tensor.of(1, 1));

        assertThat(fit.residuals().data()).isEqualTo(residuals(fit.parameters()).data());
    }
}
