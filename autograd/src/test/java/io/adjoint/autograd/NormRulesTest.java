package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.transforms.Transforms;
import org.junit.jupiter.api.Test;

class NormRulesTest {
    @Test
    void theSecondDerivativesOfANormOfOrderOneHalfAre0AtAnElementThatIs0() {
        Tensor hessian = Transforms.hessian(x -> x.vectorNorm(0.5), Tensor.of(0, 1, 4));
        // Of (√a + √b)² at a = 1 and b = 4.
        assertThat(hessian.data().toDoubleArray())
                .containsExactly(new double[] {0, 0, 0, 0, -1, 0.25, 0, 0.25, -0.0625}, within(1e-12));
    }
}
