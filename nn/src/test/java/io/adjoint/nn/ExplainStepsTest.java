package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.GraphView;
import io.adjoint.nn.loss.MSE;
import org.junit.jupiter.api.Test;

/** Tests that steps of layers and losses are explained by their formulas. */
class ExplainStepsTest {
    @Test
    void writesALayersStepAsItsProduct() {
        Tensor x = Tensor.of(new double[][] {{1, 2}});
        Tensor w = Tensor.of(new double[][] {{3, 4}}).requiresGrad(true);
        Tensor b = Tensor.of(5).requiresGrad(true);
        assertThat(GraphView.of(() -> Functional.linear(x, w, b).sum())
                        .name("x", x)
                        .name("w", w)
                        .name("b", b)
                        .explain())
                .contains("v1 = x · wᵀ + b = [[1, 2]] · [[3, 4]]ᵀ + [5] = [[16]]\n")
                .contains("∂L/∂w  = (∂L/∂v1)ᵀ · x      = ([[1]])ᵀ · [[1, 2]] = [[1, 2]]\n");
    }

    @Test
    void writesALossAsItsSumOfSquares() {
        Tensor x = Tensor.of(1, 3).requiresGrad(true);
        Tensor t = Tensor.of(2, 1);
        assertThat(GraphView.of(() -> new MSE().forward(x, t))
                        .name("x", x)
                        .name("t", t)
                        .explain())
                .contains("L  = sum(v1²) / 2 = sum([-1, 2]²) / 2 = 2.5\n")
                .contains("∂L/∂v1 = ∂L/∂L · 2·v1 / 2 = 1 · 2·[-1, 2] / 2 = [-1, 2]\n");
    }
}
