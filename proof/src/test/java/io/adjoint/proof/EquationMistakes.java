package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.Crossing;
import io.adjoint.autograd.equations.Implicit;
import io.adjoint.autograd.equations.ImplicitOptions;
import io.adjoint.autograd.equations.LinearSolver;
import io.adjoint.autograd.equations.OdeEvent;
import io.adjoint.autograd.equations.OdeOptions;
import io.adjoint.autograd.equations.Odes;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Equations that have no solution, or that a method doesn't suit: docs/errors.md quotes their messages. */
final class EquationMistakes {
    private static final Tensor ONE = Tensor.of(1.0);
    private static final ImplicitOptions THREE = new ImplicitOptions().maxIterations(3);

    static final List<ThrowingCallable> ALL = List.of(
            () -> Implicit.root(Tensor::log, Tensor.of(-1.0)),
            () -> Implicit.root(x -> x.square().add(1), Tensor.of(0.7)),
            () -> Implicit.root(x -> x.square().add(1), ONE),
            () -> Implicit.root(x -> x.exp().sub(1e9), ONE, THREE),
            () -> Implicit.argmin(x -> x.pow(4).sum(), ONE, THREE),
            () -> Implicit.argmin(x -> x.abs().sum(), Tensor.of(0.7)),
            () -> Implicit.argmin(x -> x.cos().sum(), Tensor.of(0.0)),
            () -> Implicit.fixedPoint(x -> x.rsub(1), Tensor.of(0.3)),
            () -> Implicit.fixedPoint(x -> x.square().mul(2), ONE),
            () -> Implicit.fixedPoint(Tensor::cos, Tensor.of(new int[] {1})),
            () -> Implicit.root(
                    x -> x.neg().add(1), Tensor.of(0, 0), new ImplicitOptions().linearSolver(LinearSolver.CG)),
            EquationMistakes::gradientAcrossRows,
            () -> Implicit.root(
                    x -> x.sum().sub(1).repeat(2).add(Tensor.of(0, 1)),
                    Tensor.of(1, 2),
                    new ImplicitOptions().linearSolver(LinearSolver.GMRES)),
            () -> Odes.solve((t, y) -> y.square(), ONE, 0, 2),
            () -> Odes.solve((t, y) -> t.rsub(1).sqrt().reshape(1), ONE, 0, 2),
            () -> Odes.solve((t, y) -> y.sub(t.cos()).mul(-1e6), ONE, 0, 10),
            () -> Odes.solve(EquationMistakes::changedState, ONE, 0, 1),
            () -> Odes.solve(
                    (t, y) -> y.neg(),
                    ONE,
                    0,
                    1,
                    new OdeOptions(),
                    OdeEvent.note("e", Crossing.ANY, (t, y) -> t.sub(1).log())),
            () -> Odes.solve((t, y) -> y.neg(), ONE, 0, 10, new OdeOptions().maxSteps(3)));

    private EquationMistakes() {}

    private static Tensor changedState(Tensor t, Tensor y) {
        y.assign(y.data().mul(2));
        return y.neg();
    }

    private static void gradientAcrossRows() {
        Tensor c = Tensor.of(1, 2).requiresGrad(true);
        ImplicitOptions rows = new ImplicitOptions().linearSolver(LinearSolver.ROWS);
        Implicit.root(x -> x.sub(x.mean().mul(0.1)).sub(c), Tensor.zeros(2), rows)
                .select(0, 0)
                .backward();
    }
}
