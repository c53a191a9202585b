package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class LBFGSTest {
    private final Tensor x = Tensor.of(-1.2, 1).requiresGrad(true);
    private final LBFGS lbfgs = new LBFGS(List.of(x));

    private Tensor rosenbrock() {
        lbfgs.zeroGrad();
        Tensor a = x.select(0, 0);
        Tensor loss =
                a.sub(1).square().add(x.select(0, 1).sub(a.square()).square().mul(100));
        loss.backward();
        return loss;
    }

    @Test
    void aLineSearchFindsTheMinimumOfRosenbrocksFunction() {
        lbfgs.strongWolfe().maxIterations(100);
        assertThat(lbfgs.step(this::rosenbrock).item()).isCloseTo(24.2, within(1e-12));

        assertThat(x.data().toDoubleArray()).containsExactly(new double[] {1, 1}, within(1e-4));
    }

    @Test
    void aFailureInALineSearchPutsTheParametersBack() {
        lbfgs.strongWolfe();
        int[] calls = {0};
        assertThatIllegalStateException()
                .isThrownBy(() -> lbfgs.step(() -> {
                    if (++calls[0] == 2) {
                        throw new IllegalStateException("no loss");
                    }
                    return rosenbrock();
                }));

        assertThat(x.data().toDoubleArray()).containsExactly(-1.2, 1);
    }

    @Test
    void whatItCannotDoIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(lbfgs::step)
                .withMessage("LBFGS: a step needs a closure that computes the loss; call step(closure)");
        assertThatIllegalStateException()
                .isThrownBy(lbfgs::maximize)
                .withMessage("LBFGS: cannot maximize; return the negative loss from the closure");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lbfgs.weightDecay(0.1))
                .withMessage("LBFGS: the weight decay must be 0: add a penalty to the loss, got 0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> lbfgs.add(new ParameterGroup(List.of(Tensor.of(1).requiresGrad(true)))))
                .withMessage("LBFGS: takes all parameters as one group; got another one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lbfgs.maxIterations(0))
                .withMessage("LBFGS: the largest number of iterations must be positive, got 0.0");
    }
}
