package io.adjoint.nn.optim;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LBFGSTest {
    private final Tensor x = Tensor.of(-1.2, 1).requiresGrad(true);
    private final LBFGS lbfgs = new LBFGS(List.of(x));

    private Tensor rosenbrock() {
        lbfgs.zeroGrad();
        Tensor loss = rosenbrock(x);
        loss.backward();
        return loss;
    }

    private static Tensor rosenbrock(Tensor at) {
        Tensor a = at.select(0, 0);
        return a.sub(1).square().add(at.select(0, 1).sub(a.square()).square().mul(100));
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
        thrown(
                IllegalStateException.class,
                () -> lbfgs.step(() -> {
                    if (++calls[0] == 2) {
                        throw new IllegalStateException("no loss");
                    }
                    return rosenbrock();
                }));

        assertThat(x.data().toDoubleArray()).containsExactly(-1.2, 1);
    }

    @ParameterizedTest
    @CsvSource({"2, true", "4, true", "2, false", "3, false"})
    void aStepThatFailedHasLeftNoTrace(int failing, boolean isSearching) {
        if (isSearching) {
            lbfgs.strongWolfe();
        }
        Map<String, NdArray> before = lbfgs.state();
        int[] calls = {0};
        thrown(
                OutOfMemoryError.class,
                () -> lbfgs.step(() -> {
                    if (++calls[0] == failing) {
                        throw new OutOfMemoryError("Java heap space");
                    }
                    return rosenbrock();
                }));
        assertThat(x.data().toDoubleArray()).containsExactly(-1.2, 1);
        assertThat(lbfgs.state()).isEqualTo(before);
        lbfgs.step(this::rosenbrock);

        Tensor y = Tensor.of(-1.2, 1).requiresGrad(true);
        LBFGS untroubled = new LBFGS(List.of(y));
        if (isSearching) {
            untroubled.strongWolfe();
        }
        untroubled.step(() -> {
            untroubled.zeroGrad();
            Tensor loss = rosenbrock(y);
            loss.backward();
            return loss;
        });
        assertThat(x.data()).isEqualTo(y.data());
    }

    @Test
    void whatItCannotDoIsRefused() {
        thrown(IllegalStateException.class, lbfgs::step)
                .withMessage("LBFGS: a step needs a closure that computes the loss; call step(closure)");
        thrown(IllegalStateException.class, lbfgs::maximize)
                .withMessage("LBFGS: cannot maximize; return the negative loss from the closure");
        refused(() -> lbfgs.weightDecay(0.1))
                .withMessage("LBFGS: the weight decay must be 0: add a penalty to the loss, got 0.1");
        refused(() -> lbfgs.add(List.of(Tensor.of(1).requiresGrad(true))))
                .withMessage("LBFGS: takes all parameters as one group; got another one");
        refused(() -> lbfgs.maxIterations(0))
                .withMessage("LBFGS: the largest number of iterations must be positive, got 0.0");
    }

    @Test
    void aClosureWithoutABackwardPassIsRefused() {
        refused(() -> lbfgs.step(() -> x.square().sum()))
                .withMessageStartingWith("LBFGS: the closure computed no gradient of the parameters; call backward()");
    }
}
