package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.layer.KeptGradients;
import org.junit.jupiter.api.Test;

/** Tests that arrays of gradients that the backward rule of a user receives are not reused, whatever the package of the rule's class. */
class ForeignRulesTest {
    @Test
    void gradientsThatARuleKeepsStayAsTheyAreWhateverPackageItIsIn() {
        KeptGradients foreign = new KeptGradients();
        Tensor x = Tensor.linspace(0, 1, 5000).requiresGrad(true);
        for (int step = 0; step < 4; step++) {
            Tensor y = foreign.of(x.sin().mul(step + 1)).tanh();
            foreign.of(y.mul(y).sin()).mul(x).sum().backward();
            x.zeroGrad();
        }

        assertThat(foreign.now()).hasSize(8).isEqualTo(foreign.then());
    }
}
