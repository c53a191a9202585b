package io.adjoint.nn.loss;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.nn.optim.Proximal;
import io.adjoint.nn.optim.SGD;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares penalties with numbers computed by hand and with weight decay, and tests the zeros that soft thresholding finds. */
class PenaltyTest {
    private final Tensor w = Tensor.of(1, -2, 0).requiresGrad(true);
    private final Tensor v = Tensor.scalar(3).requiresGrad(true);
    private final List<Tensor> both = List.of(w, v);

    private static double[] elements(Tensor tensor) {
        return tensor.detach().data().toDoubleArray();
    }

    @Test
    void penaltiesAndTheirGradients() {
        assertThat(Penalty.l1(both, 0.5).item()).isEqualTo(3);
        assertThat(Penalty.l2(both, 0.5).item()).isEqualTo(3.5);
        assertThat(Penalty.elasticNet(both, 0.5, 0.25).item()).isEqualTo(0.25 * 3 + 0.75 * 3.5);
        assertThat(elements(Autograd.grad(Penalty.l1(both, 0.5), w))).containsExactly(0.5, -0.5, 0);
        assertThat(elements(Autograd.grad(Penalty.l2(both, 0.5), w))).containsExactly(0.5, -1, 0);
        assertThat(elements(Autograd.grad(Penalty.elasticNet(both, 0.5, 0.25), v)))
                .containsExactly(0.5 * 0.25 + 0.5 * 0.75 * 3);
    }

    @Test
    void theL2PenaltyIsWeightDecayOfPlainSGD() {
        Tensor decayed = Tensor.of(1, -2, 0).requiresGrad(true);
        SGD withPenalty = new SGD(List.of(w), 0.1);
        SGD withDecay = new SGD(List.of(decayed), 0.1).weightDecay(0.3);
        for (int step = 0; step < 5; step++) {
            withPenalty.zeroGrad();
            withDecay.zeroGrad();
            w.sub(3).square().sum().add(Penalty.l2(List.of(w), 0.3)).backward();
            decayed.sub(3).square().sum().backward();
            withPenalty.step();
            withDecay.step();
        }
        assertThat(elements(w)).usingComparatorWithPrecision(1e-14).containsExactly(elements(decayed));
    }

    @Test
    void softThresholdingFindsTheZerosOfTheLasso() {
        Generator random = new Generator(5);
        Tensor x = Tensor.randn(random, 200, 6);
        Tensor truth = Tensor.of(2, 0, 0, -1, 0, 0);
        Tensor y = x.matmul(truth);
        Tensor found = Tensor.zeros(6).requiresGrad(true);
        SGD optimizer = new SGD(List.of(found), 0.1);
        for (int step = 0; step < 300; step++) {
            optimizer.zeroGrad();
            new MSE().forward(x.matmul(found), y).backward();
            optimizer.step();
            Proximal.softThreshold(List.of(found), 0.1 * 0.2);
        }
        double[] weights = elements(found);
        assertThat(new double[] {weights[1], weights[2], weights[4], weights[5]})
                .containsOnly(0);
        assertThat(weights[0]).isCloseTo(2, within(0.3));
        assertThat(weights[3]).isCloseTo(-1, within(0.3));
        // At a minimum the derivative of the loss with respect to a weight other than 0 is −λ times the weight's sign.
        double[] slopes = elements(Autograd.grad(new MSE().forward(x.matmul(found), y), found));
        assertThat(slopes[0]).isCloseTo(-0.2, within(1e-9));
        assertThat(slopes[3]).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void softThresholdingKeepsNaNAndLeavesAllOrNothingChanged() {
        Tensor wild = Tensor.of(Double.NaN, Double.POSITIVE_INFINITY, 0.5, -0.5);
        Proximal.softThreshold(List.of(wild), 0.5);
        assertThat(elements(wild)).containsExactly(Double.NaN, Double.POSITIVE_INFINITY, 0, 0);
        thrown(GraphException.class, () -> Proximal.softThreshold(List.of(w, v.mul(2)), 1))
                .withMessageContaining("Proximal: parameter [] was computed by an operation");
        assertThat(elements(w)).containsExactly(1, -2, 0);
        assertThatThrownBy(() -> Proximal.softThreshold(List.of(w), Double.NaN))
                .hasMessage("Proximal: the threshold must be finite and not negative, got NaN");
        assertThatThrownBy(() -> Proximal.softThreshold(List.of(), 1))
                .hasMessage("Proximal: expected at least one parameter, got none");
        assertThatThrownBy(() -> Proximal.softThreshold(List.of(Tensor.of(new int[] {1})), 1))
                .isInstanceOf(DTypeException.class);
    }

    @Test
    void wrongUseIsRefused() {
        assertThatThrownBy(() -> Penalty.l1(both, -1))
                .hasMessage("Penalty: the lambda must be finite and not negative, got -1.0");
        assertThatThrownBy(() -> Penalty.l2(List.of(), 1))
                .hasMessage("Penalty.l2: expected at least one parameter, got none");
        assertThatThrownBy(() -> Penalty.elasticNet(both, 1, 2))
                .hasMessage("Penalty: the ratio must be from 0 to 1, got 2.0");
        assertThatThrownBy(() -> Penalty.l1(List.of(w, v.detach().to(DType.FLOAT32)), 1))
                .isInstanceOf(DTypeException.class);
    }
}
