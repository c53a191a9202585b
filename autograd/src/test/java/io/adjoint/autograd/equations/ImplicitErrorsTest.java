package io.adjoint.autograd.equations;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ImplicitErrorsTest {
    private static ImplicitOptions by(LinearSolver solver) {
        return new ImplicitOptions().linearSolver(solver);
    }

    @Test
    void aFixedPointThatIsNotReachedSaysHowFarItIsAtTheEndAndHalfWay() {
        UnaryOperator<Tensor> circle = x -> x.rsub(1);
        assertThatThrownBy(() -> Implicit.fixedPoint(circle, Tensor.of(0.25)))
                .isInstanceOf(SolverException.class)
                .hasMessage("Implicit.fixedPoint: the iteration did not converge in 1000 steps: the largest element of"
                        + " f(x) - x is 0.5 at x = [0.25], and was 0.5 half-way; if it falls, raise maxIterations; else"
                        + " the iteration moves away from the point, or circles it: Implicit.root of f(x) - x may find"
                        + " the point, in fewer steps, too");
        assertThatThrownBy(() -> Implicit.fixedPoint(x -> x.mul(x).mul(2), Tensor.of(1.0)))
                .hasMessageContaining("is not finite")
                .hasMessageContaining("Implicit.root of f(x) - x");
    }

    @Test
    void errorsSayWhatIsWrong() {
        Tensor a = Tensor.of(1.0).requiresGrad(true);
        assertThatThrownBy(() -> Implicit.root(x -> x.square().add(1), Tensor.of(0.7)))
                .isInstanceOf(SolverException.class)
                .hasMessageContaining("Implicit.root: Newton's method")
                .hasMessageContaining("the residual has the norm 1");
        assertThatThrownBy(() -> Implicit.root(x -> x.square().sub(2), Tensor.of(0.0)))
                .hasMessageContaining("the Jacobian in iteration 0 at x = [0.0] with |f| = 2.0 is singular");
        assertThatThrownBy(() -> Implicit.root(x -> x.log(), Tensor.of(1, -1)))
                .hasMessage("Implicit.root: the function's value at the start is NaN at [1], at x = [1.0, -1.0]");
        assertThatThrownBy(() -> Implicit.root(x -> x.sum(), Tensor.of(1, -1)))
                .hasMessage("Implicit.root: the function's value is FLOAT64 [], but the start is FLOAT64 [2] there");
        assertThatThrownBy(() -> Implicit.argmin(x -> x.square().sum().neg(), Tensor.of(1.0)))
                .isInstanceOf(SolverException.class)
                .hasMessageContaining("found no smaller value")
                .hasMessageContaining("bounded below");
        assertThatThrownBy(() -> Implicit.argmin(x -> x.exp().neg(), Tensor.scalar(1)))
                .hasMessageContaining("bounded below");
        assertThatThrownBy(
                        () -> Implicit.argmin(x -> x.pow(4), Tensor.scalar(1), new ImplicitOptions().maxIterations(3)))
                .hasMessageContaining("did not converge in 3 iterations")
                .hasMessageContaining("raise maxIterations");
        assertThatThrownBy(() -> Implicit.argmin(Tensor::sum, Tensor.of(1.0))).hasMessageContaining("bounded below");
        assertThatThrownBy(() -> Implicit.argmin(x -> x.abs().sum(), Tensor.of(0.7)))
                .hasMessageContaining("the function may have a kink there");
        assertThatThrownBy(() -> Implicit.root(
                        x -> Tensor.stack(0, x.sum().sub(1), x.sum().sub(2)),
                        Tensor.of(0.0, 3),
                        by(LinearSolver.GMRES)))
                .hasMessageContaining("GMRES did not solve the linear system of 2 unknowns in iteration 1")
                .hasMessageContaining("expected 0.5; it may be singular");
        assertThatThrownBy(() ->
                        Implicit.argmin(x -> x.square().sum().neg().add(x.pow(4).sum()), Tensor.of(0.0)))
                .hasMessageContaining("saddle or a maximum")
                .hasMessageContaining("eigenvalue -2");
        assertThatThrownBy(() -> Implicit.argmin(x -> x.mul(a).square(), Tensor.of(1.0, 2)))
                .hasMessageContaining(
                        "Implicit.argmin: the function must return a floating scalar, but it returned FLOAT64 [2]");
        Tensor degenerate = Implicit.argmin(x -> x.sum().sub(a.sum()).square(), Tensor.of(1.0, 2));
        assertThatThrownBy(() -> degenerate.sum().backward())
                .hasMessageContaining("Implicit.argmin: the matrix of second derivatives at the solution is singular");
        assertThatThrownBy(() -> Implicit.root(x -> x, "no tensor"))
                .hasMessageContaining("contains no floating tensor");
        assertThatThrownBy(() -> Implicit.root(x -> x, Tensor.zeros(0, 3), by(LinearSolver.ROWS)))
                .hasMessage(
                        "Implicit.root: the start, a Tensor, contains no elements; handle an empty start before the call");
        assertThatThrownBy(() -> new ImplicitOptions().maxIterations(0)).hasMessageContaining("at least 1, got 0");
        assertThatThrownBy(() -> new ImplicitOptions().tolerances(-1, 0)).hasMessageContaining("rtol");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void nullIsRefusedByName() {
        assertThatThrownBy(() -> by(null)).hasMessage("ImplicitOptions.linearSolver: the solver is null");
        assertThatThrownBy(() -> Implicit.argmin(x -> null, Tensor.of(1.0)))
                .hasMessage("Implicit.argmin: the function returned null");
    }
}
