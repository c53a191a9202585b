package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SolvingRulesTest {
    /** The bound is eps times the larger size, as in NumPy and PyTorch, times the largest singular value. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void pinvTakesSingularValuesForZeroBelowTheUsualBoundAlone(DType dtype) {
        double eps = dtype.eps();
        Tensor singular = diagonal(dtype, 3.5 * eps);
        Tensor regular = diagonal(dtype, 4.5 * eps);

        assertThat(singular.pinv().data()).isEqualTo(diagonal(dtype, 0).data());
        assertThat(regular.pinv().select(0, 3).select(0, 3).item()).isGreaterThan(0.2 / eps);
    }

    private static Tensor diagonal(DType dtype, double last) {
        return Tensor.of(1, 1, 1, last).to(dtype).diag();
    }

    @Test
    void lstsqNamesItself() {
        Tensor a = Tensor.of(new double[][] {{1, 2}, {3, Double.NaN}});

        assertThatThrownBy(() -> a.lstsq(Tensor.ones(2, 1))).hasMessageStartingWith("lstsq: ");
    }
}
