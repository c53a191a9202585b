package io.adjoint.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import java.util.List;

/** A function to test optimizers with: the sum of the squares of two parameters, which begin at 1 and 2. */
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

    /** Asserts the first parameter after each step, and that the second is twice as large: the steps scale with the parameters. */
    void follows(Optimizer optimizer, double... first) {
        for (double expected : first) {
            computeGradient();
            optimizer.step();
            assertThat(values()).containsExactly(new double[] {expected, 2 * expected}, within(1e-15));
        }
    }

    /** Asserts both parameters after each step. */
    void follows(Optimizer optimizer, double[]... path) {
        for (double[] expected : path) {
            computeGradient();
            optimizer.step();
            assertThat(values()).containsExactly(expected, within(1e-14));
        }
    }
}
