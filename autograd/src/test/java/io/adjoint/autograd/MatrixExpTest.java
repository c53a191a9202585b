package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.NdArray;
import org.junit.jupiter.api.Test;

/** Exponentials of matrices with large norms, whose closed forms are known. */
class MatrixExpTest {
    /** From a norm of 10¹² alone, one would halve 38 times and lose ten digits. */
    @Test
    void powersOfSmallNormNeedFewHalvings() {
        assertExp(new double[][] {{1, 1e12}, {0, 1}}, new double[][] {{Math.E, 1e12 * Math.E}, {0, Math.E}}, 1e-13);
        assertExp(
                new double[][] {{0, 1e4, 1e8}, {0, 0, 1e4}, {0, 0, 0}},
                new double[][] {{1, 1e4, 1.5e8}, {0, 1, 1e4}, {0, 0, 1}},
                1e-15);
        double sinh = Math.sinh(1);
        assertExp(new double[][] {{1, 1e6}, {0, -1}}, new double[][] {{Math.E, 1e6 * sinh}, {0, 1 / Math.E}}, 1e-15);
    }

    @Test
    void rotationByAHundredRadiansIsOrthogonal() {
        Tensor turn = Tensor.of(new double[][] {{0, -100}, {100, 0}}).matrixExp();

        assertThat(turn.data().get(0, 0)).isCloseTo(Math.cos(100), within(1e-14));
        assertThat(turn.matmul(turn.transpose()).sub(Tensor.eye(2)).matrixNorm().item())
                .isLessThan(1e-13);
    }

    @Test
    void eachMatrixOfABatchHasTheHalvingsAndTheBitsThatItHasAlone() {
        Tensor small = Tensor.of(new double[][] {{0.5, -1}, {2, 0.25}});
        Tensor large = small.mul(40);

        NdArray both = Tensor.stack(0, small, large).matrixExp().data();

        assertThat(both.select(0, 0)).isEqualTo(small.matrixExp().data());
        assertThat(both.select(0, 1)).isEqualTo(large.matrixExp().data());
    }

    @Test
    void anExponentialThatUnderflowsIsZero() {
        assertThat(Tensor.of(new double[][] {{-1e300}}).matrixExp().item()).isZero();
    }

    @Test
    void exponentialsOfNothingAreNothing() {
        assertThat(Tensor.zeros(2, 0, 0).matrixExp().shape().toArray()).containsExactly(2, 0, 0);
        assertThat(Tensor.zeros(0, 3, 3).matrixExp().shape().toArray()).containsExactly(0, 3, 3);
    }

    private static void assertExp(double[][] a, double[][] expected, double rtol) {
        Tensor e = Tensor.of(expected);
        assertThat(Tensor.of(a).matrixExp().sub(e).matrixNorm().item())
                .isLessThan(rtol * e.matrixNorm().item());
    }
}
