package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import java.util.List;

/** The sum of the squares of two parameters that begin at 1 and 2: what optimizers are tried on. */
final class Quadratic {
    private final Tensor parameter = Tensor.of(1, 2).requiresGrad(true);

    List<Tensor> parameters() {
        return List.of(parameter);
    }

    double[] values() {
        return parameter.data().toDoubleArray();
    }

    void computeGradient() {
        parameter.zeroGrad();
        parameter.square().sum().backward();
    }

    /** Asserts where steps lead both parameters, for an optimizer to which scale means nothing but a factor. */
    void follows(Optimizer optimizer, double... first) {
        for (double expected : first) {
            computeGradient();
            optimizer.step();
            assertThat(values()).containsExactly(new double[] {expected, 2 * expected}, within(1e-15));
        }
    }

    /** Asserts where steps lead. */
    void follows(Optimizer optimizer, double[]... path) {
        for (double[] expected : path) {
            computeGradient();
            optimizer.step();
            assertThat(values()).containsExactly(expected, within(1e-14));
        }
    }
}
