package io.adjoint.autograd.equations;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArgminTest {
    @ParameterizedTest
    @EnumSource(names = {"DENSE", "CG"})
    void badlyConditionedMinimaEndAtTheirRoundingErrors(LinearSolver solver) {
        Tensor indices = Tensor.linspace(1, 8, 8);
        Tensor hilbert = indices.unsqueeze(1).add(indices).sub(1).reciprocal();
        Tensor right = hilbert.matmul(Tensor.ones(8));
        UnaryOperator<Tensor> quadratic =
                x -> x.mul(hilbert.matmul(x).mul(0.5).sub(right)).sum();
        UnaryOperator<Tensor> squares =
                x -> hilbert.matmul(x).sub(right).square().sum();

        for (UnaryOperator<Tensor> f : List.of(quadratic, squares)) {
            Tensor x = Implicit.argmin(f, Tensor.zeros(8), new ImplicitOptions().linearSolver(solver));
            assertThat(hilbert.matmul(x).sub(right).abs().max().item()).isLessThan(1e-14);
            assertThat(x.sub(1).abs().max().item()).isLessThan(1e-4);
        }
    }

    @ParameterizedTest
    @EnumSource(LinearSolver.class)
    void gradientsOfMinimaOfRowsAgreeWithDifferences(LinearSolver solver) {
        GradCheck.check(
                2,
                in -> Implicit.argmin(
                        x -> x.exp()
                                .mul(in[0])
                                .sub(x)
                                .sum()
                                .add(x.prod(1).square().sum()),
                        Tensor.zeros(3, 2),
                        new ImplicitOptions().linearSolver(solver)),
                Tensor.of(new double[][] {{1, 2}, {0.5, 3}, {10, 0.1}}));
    }

    @Test
    void flatDirectionsStay() {
        Tensor x = Implicit.argmin(v -> v.sum().sub(1).square().add(5), Tensor.of(1.0, 2));

        assertThat(x.data().toDoubleArray()).usingComparatorWithPrecision(1e-14).containsExactly(0, 1);
    }
}
