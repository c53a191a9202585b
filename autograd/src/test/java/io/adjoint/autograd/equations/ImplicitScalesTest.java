package io.adjoint.autograd.equations;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Solutions are as accurate as the dtype, however large or small their elements are. */
class ImplicitScalesTest {
    private static void assertSolution(Tensor solution, double... expected) {
        double[] actual = solution.data().toDoubleArray();
        double digits = solution.dtype() == DType.FLOAT64 ? 1e-8 : 1e-3;
        for (int k = 0; k < expected.length; k++) {
            assertThat(actual[k]).isCloseTo(expected[k], withinPercentage(digits));
        }
    }

    /** The first element starts at its root but for the last digits. */
    @Test
    void smallUnknownsBesideLargeOnesAreSolved() {
        Tensor units = Tensor.of(1e-6, 1e3);

        assertSolution(
                Implicit.root((Tensor x) -> x.mul(units).square().sub(2), Tensor.of(1.4142e6, 1e-3)),
                1e6 * Math.sqrt(2),
                1e-3 * Math.sqrt(2));
        assertSolution(
                Implicit.fixedPoint((Tensor x) -> x.mul(0.5).add(Tensor.of(0.5e9, 0.5e-6)), Tensor.of(1e9, 0)),
                1e9,
                1e-6);
        assertSolution(
                Implicit.argmin(
                                (Tensor x) -> x.mul(units)
                                        .exp()
                                        .sum()
                                        .sub(x.mul(units).sum()),
                                Tensor.of(1e3, 1e-2))
                        .mul(units)
                        .add(1),
                1,
                1);
    }

    @Test
    void unknownsMuchSmallerThanOneAreSolved() {
        assertSolution(
                Implicit.root((Tensor x) -> x.mul(1e31).square().sub(82.98), Tensor.scalar(9e-31)),
                Math.sqrt(82.98) * 1e-31);
        assertSolution(
                Implicit.argmin(
                        (Tensor x) -> x.mul(1e34)
                                .sub(6.626)
                                .square()
                                .add(x.mul(1e34).sub(6.626).pow(4))
                                .sum(),
                        Tensor.of(1e-34)),
                6.626e-34);
        assertSolution(Implicit.fixedPoint((Tensor x) -> x.mul(0.9).add(1e-32), Tensor.of(0.0)), 1e-31);
        assertSolution(Implicit.fixedPoint((Tensor x) -> x.mul(0.5).add(1e-13), Tensor.zeros(DType.FLOAT32, 1)), 2e-13);
    }

    @Test
    void aFixedPointAtZeroIsFound() {
        assertThat(Implicit.fixedPoint((Tensor x) -> x.mul(0.5), Tensor.of(1.0)).item())
                .isLessThan(1e-31);
    }

    /** Rounding errors of the second element change the first, whose steps become no smaller. */
    @Test
    void withoutTolerancesAnIterationEndsAtRoundingErrors() {
        UnaryOperator<Tensor> f = x -> Tensor.concat(
                0,
                x.slice(0, 1, 2).mul(1.1).sub(1.1).add(x.slice(0, 0, 1).mul(-0.9)),
                x.slice(0, 1, 2).cos());
        Tensor point = Implicit.fixedPoint(
                (Tensor x) -> f.apply(x), Tensor.of(0.1, 0.7), new ImplicitOptions().tolerances(0, 0));

        assertThat(f.apply(point).sub(point).abs().max().item()).isLessThan(1e-15);
    }

    /** At the minimum the value is 0 by cancellation, so differences of values are rounding errors before the steps end. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64"})
    void minimaWhereTheValueCancelsAreExact(DType dtype) {
        double log2 = Math.log(2);
        for (int k = 0; k < 100; k++) {
            double start = -2 + 0.04 * k;
            Tensor minimum =
                    Implicit.argmin((Tensor x) -> x.exp().sub(x.mul(2)).add(2 * log2 - 2), Tensor.full(dtype, start));

            assertThat(Math.abs(minimum.item() - log2)).as("from %s", start).isLessThan(2 * dtype.eps());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-170, 1e170})
    void gmresSolvesSystemsWhoseSquaresUnderflowOrOverflow(double scale) {
        Tensor root = Implicit.root(
                (Tensor x) -> x.sub(Tensor.of(2, 3)).mul(Tensor.of(scale, 2 * scale)),
                Tensor.of(1, 1),
                new ImplicitOptions().linearSolver(LinearSolver.GMRES));

        assertSolution(root, 2, 3);
    }

    @Test
    void infiniteSecondDerivativesAreNamed() {
        assertThatThrownBy(() -> Implicit.argmin(
                        (Tensor x) -> x.mul(1e160).sub(2e160).square().sum(), Tensor.of(2.0)))
                .isInstanceOf(SolverException.class)
                .hasMessageContaining("Implicit.argmin: the matrix of second derivatives is not finite at x = ");
    }

    /** The condition number of this diagonal matrix is 1e24, but no digit is lost. */
    @ParameterizedTest
    @EnumSource(
            value = LinearSolver.class,
            names = {"DENSE", "GMRES"})
    void unitsOfEquationsAndUnknownsMakeNoSystemSingular(LinearSolver solver) {
        Tensor root = Implicit.root(
                (Tensor x) -> x.mul(Tensor.of(1e12, 1e-12)).sub(Tensor.of(2e12, 3e-12)),
                Tensor.of(1, 1),
                new ImplicitOptions().linearSolver(solver));

        assertSolution(root, 2, 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64"})
    void rowsThatDependOnEachOtherAreRefused(DType dtype) {
        Tensor c = Tensor.of(1, 2, 3).to(dtype).requiresGrad(true);
        ImplicitOptions rows = new ImplicitOptions().linearSolver(LinearSolver.ROWS);
        Tensor apart = Implicit.root((Tensor x) -> x.exp().sub(c), Tensor.zeros(dtype, 3), rows);
        Tensor together = Implicit.fixedPoint((Tensor x) -> x.mean().mul(0.5).add(c), Tensor.zeros(dtype, 3), rows);

        apart.sum().backward();
        assertSolution(requireNonNull(c.grad()), 1, 1 / 2.0, 1 / 3.0);
        assertThatThrownBy(() -> together.square().sum().backward())
                .isInstanceOf(SolverException.class)
                .hasMessage(
                        "Implicit.fixedPoint: the equation of row 0 depends on other rows, so LinearSolver.ROWS would"
                                + " give a wrong derivative; use DENSE or GMRES");
    }

    @Test
    void aRowThatBeginsAtARootOfItsOwnMovesWhenAnotherRowMovesIt() {
        ImplicitOptions rows = new ImplicitOptions().linearSolver(LinearSolver.ROWS);
        UnaryOperator<Tensor> chain =
                x -> x.sub(Tensor.concat(0, Tensor.of(8.0), x.slice(0, 0, 3)).div(2));

        Tensor root = Implicit.root(chain, Tensor.zeros(4), rows);

        assertSolution(root, 4, 2, 1, 0.5);
    }

    @Test
    void aRowWhoseLastStepIsUndoneMovesWhenAnotherRowMovesIt() {
        ImplicitOptions rows = new ImplicitOptions().linearSolver(LinearSolver.ROWS);
        UnaryOperator<Tensor> pair = x -> Tensor.stack(
                0,
                x.select(0, 0).sub(8),
                x.select(0, 1).sub(x.select(0, 0).div(2)).sub(1));

        assertSolution(Implicit.root(pair, Tensor.of(0, 1 + 1e-10), rows), 8, 5);
    }
}
