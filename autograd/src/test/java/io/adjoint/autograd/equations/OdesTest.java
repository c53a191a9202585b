package io.adjoint.autograd.equations;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OdesTest {
    private static final OdeOptions SHARP = new OdeOptions().tolerances(1e-11, 1e-12);

    private static Tensor parameter(double value) {
        return Tensor.scalar(value).requiresGrad(true);
    }

    private static OdeEvent<Tensor> ground() {
        return OdeEvent.stop("ground", Crossing.FALLING, (t, y) -> y.select(0, 0));
    }

    private static Tensor fall(Tensor y, Tensor gravity) {
        return Tensor.stack(0, y.select(0, 1), gravity.neg());
    }

    // ---- values ----

    @Test
    void decaysAsTheExponential() {
        Tensor times = Tensor.linspace(0, 4, 9);
        OdeSolution<Tensor> decay = Odes.solve((t, y) -> y.neg(), Tensor.of(1, 2), 0, 4, SHARP);

        assertThat(decay.at(times).shape()).isEqualTo(Shape.of(9, 2));
        assertThat(decay.at(times).select(1, 1).allClose(times.neg().exp().mul(2), 1e-9, 0))
                .isTrue();
        assertThat(decay.at(4).allClose(decay.end(), 1e-15, 1e-17)).isTrue();
        assertThat(decay.at(0).data()).isEqualTo(Tensor.of(1, 2).data());
        assertThat(decay.stop()).isEmpty();
    }

    @Test
    void integratesBackwardToTheStart() {
        Tensor start = Tensor.of(1.2, 0);
        UnaryOperator<Tensor> field =
                y -> Tensor.stack(0, y.select(0, 1), y.select(0, 0).sin().neg());
        Tensor end = Odes.solve((t, y) -> field.apply(y), start, 0, 3, SHARP).end();

        assertThat(Odes.solve((t, y) -> field.apply(y), end, 3, 0, SHARP).end().allClose(start, 1e-9, 1e-9))
                .isTrue();
    }

    @Test
    void noTimeIsNoStep() {
        OdeSolution<Tensor> none = Odes.solve((t, y) -> y, Tensor.of(1, 2), 3, 3);

        assertThat(none.steps()).isZero();
        assertThat(none.end().data()).isEqualTo(Tensor.of(1, 2).data());
        assertThat(none.at(Tensor.of(3.0, 3)).shape()).isEqualTo(Shape.of(2, 2));
    }

    @Test
    void aTrajectoryOfABatchIsAsAccurateAsAlone() {
        Tensor rates = Tensor.of(0.1, 30, 1).unsqueeze(1);
        Tensor start = Tensor.ones(3, 2);
        OdeOptions options = new OdeOptions().tolerances(1e-8, 1e-10).batch();
        Tensor end =
                Odes.solve((t, y) -> y.mul(rates).neg(), start, 0, 1, options).end();

        assertThat(end.allClose(rates.neg().exp().expand(3, 2), 1e-6, 1e-9)).isTrue();
    }

    private record Body(Tensor position, Tensor velocity) {}

    @Test
    void aStateMayBeARecord() {
        Tensor stiffness = parameter(4);
        OdeSolution<Body> spring = Odes.solve(
                (t, b) -> new Body(b.velocity, b.position.mul(stiffness).neg()),
                new Body(Tensor.of(1, 2), Tensor.of(0, 0)),
                0,
                1,
                SHARP);

        assertThat(spring.end().position.allClose(Tensor.of(1, 2).mul(Math.cos(2)), 1e-9, 0))
                .isTrue();
        assertThat(spring.at(Tensor.of(0.25, 0.5, 0.75)).velocity.shape()).isEqualTo(Shape.of(3, 2));
        spring.end().position.sum().backward();
        assertThat(requireNonNull(stiffness.grad()).item()).isCloseTo(-3 * Math.sin(2) / 4, within(1e-8));
    }

    @Test
    void float32() {
        Tensor end = Odes.solve(
                        (t, y) -> y.neg(), Tensor.ones(DType.FLOAT32, 2), 0, 1, new OdeOptions().tolerances(1e-4, 1e-6))
                .end();

        assertThat(end.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(end.select(0, 0).item()).isCloseTo(Math.exp(-1), within(1e-4));
    }

    // ---- gradients ----

    @Test
    void gradientsAgreeWithDifferences() {
        // Fixed sizes of steps, since differences see that sizes depend on the parameters.
        OdeOptions fixed = new OdeOptions().tolerances(1, 1).firstStep(0.125).maxStep(0.125);
        GradCheck.check(
                2,
                in -> Odes.solve((t, y) -> y.mul(in[1]).sub(y.mul(y.flip(0))).add(t.sin()), in[0], 0, 1, fixed)
                        .at(Tensor.of(0.3, 0.31, 1)),
                Tensor.of(1, 0.5),
                Tensor.of(1.5, -0.5));
    }

    @Test
    void checkpointsGiveTheSameBits() {
        Tensor weight = Tensor.randn(new Generator(3), 4, 4).mul(0.5).requiresGrad(true);
        Tensor start = Tensor.randn(new Generator(4), 4);
        UnaryOperator<OdeOptions> none = o -> o;
        Tensor[] values = new Tensor[2];
        Tensor[] gradients = new Tensor[2];
        for (int k = 0; k < 2; k++) {
            OdeOptions options =
                    (k == 0 ? none : (UnaryOperator<OdeOptions>) OdeOptions::checkpoints).apply(new OdeOptions());
            OdeSolution<Tensor> solution = Odes.solve((t, y) -> weight.matmul(y).tanh(), start, 0, 5, options);
            values[k] = solution.at(Tensor.of(1, 2.5, 5));
            gradients[k] = Autograd.grad(values[k].square().sum(), weight);
        }
        assertThat(values[1].data()).isEqualTo(values[0].data());
        assertThat(gradients[1].allClose(gradients[0], 1e-13, 1e-15)).isTrue();
    }

    @Test
    void aStateMayStay0WithoutAnAbsoluteTolerance() {
        Tensor end = Odes.solve((t, y) -> y.neg(), Tensor.of(0.0, 1), 0, 1, new OdeOptions().tolerances(1e-6, 0))
                .end();

        assertThat(end.data().toDoubleArray()[0]).isZero();
        assertThat(end.data().toDoubleArray()[1]).isCloseTo(Math.exp(-1), within(1e-5));
    }

    @Test
    void aStepWithACheckpointIsNotComputedAgainWithAChangedParameter() {
        Tensor rate = parameter(1);
        OdeSolution<Tensor> solution =
                Odes.solve((t, y) -> y.mul(rate), Tensor.of(1.0), 0, 1, new OdeOptions().checkpoints());
        rate.assign(Tensor.scalar(2).data());

        assertThatExceptionOfType(GraphException.class)
                .isThrownBy(() -> solution.at(0.5))
                .withMessageContaining(
                        "has another end when it is computed again; don't change a tensor that the equation reads");
    }

    @Test
    void timesAreDifferentiable() {
        Tensor from = parameter(0.5);
        Tensor to = parameter(2);
        Tensor y =
                Odes.solve((t, x) -> x.mul(t), Tensor.of(3.0), from, to, SHARP).end();
        y.sum().backward();
        // y = 3·exp((to² − from²)/2)
        double value = 3 * Math.exp((4 - 0.25) / 2);

        assertThat(y.select(0, 0).item()).isCloseTo(value, within(1e-8));
        assertThat(requireNonNull(to.grad()).item()).isCloseTo(2 * value, within(1e-7));
        assertThat(requireNonNull(from.grad()).item()).isCloseTo(-0.5 * value, within(1e-7));
    }

    @Test
    void timesWithoutASpanAreDifferentiable() {
        Tensor from = parameter(2);
        Tensor to = parameter(2);
        OdeSolution<Tensor> none = Odes.solve((t, y) -> y.mul(t), Tensor.of(3.0), from, to, SHARP);
        none.end().add(none.endTime()).sum().backward();

        assertThat(none.at(2).data()).isEqualTo(none.end().data());
        assertThat(requireNonNull(to.grad()).item()).isCloseTo(7, within(1e-14));
        assertThat(requireNonNull(from.grad()).item()).isCloseTo(-6, within(1e-14));
    }

    @Test
    void theSameBitsInAWorkspaceAndOnOtherThreads() {
        UnaryOperator<Tensor> solve = rate -> {
            Tensor parameter = rate.detach().requiresGrad(true);
            OdeSolution<Tensor> flight =
                    Odes.solve((t, y) -> fall(y, parameter), Tensor.of(1, 2), 0, 10, SHARP.checkpoints(), ground());
            flight.endTime().backward();
            return Tensor.stack(0, flight.endTime().detach(), requireNonNull(parameter.grad()));
        };
        Tensor rate = Tensor.scalar(9.81);
        Tensor expected = solve.apply(rate);
        Workspace workspace = new Workspace();

        for (int step = 0; step < 3; step++) {
            workspace.run(() -> assertThat(solve.apply(rate).data()).isEqualTo(expected.data()));
        }
        assertThat(Stream.generate(() -> rate)
                        .limit(64)
                        .parallel()
                        .map(r -> solve.apply(r).data()))
                .allMatch(expected.data()::equals);
    }

    @Test
    void aJvpOfASolution() {
        Tensor tangent = Transforms.jvp(
                        (Tensor k) -> Odes.solve((t, y) -> y.mul(k), Tensor.of(1.0), 0, 1, SHARP)
                                .end(),
                        Tensor.scalar(0.5),
                        Tensor.scalar(2))
                .tangent();

        assertThat(tangent.select(0, 0).item()).isCloseTo(2 * Math.exp(0.5), within(1e-8));
    }

    // ---- events ----

    @Test
    void theTimeOfAnEventIsDifferentiable() {
        Tensor gravity = parameter(10);
        Tensor speed = parameter(20);
        Tensor start = Tensor.stack(0, Tensor.scalar(0), speed);
        OdeSolution<Tensor> flight = Odes.solve((t, y) -> fall(y, gravity), start, 0, 100, SHARP, ground());

        // The ball lands at 2·v/g with the velocity −v.
        assertThat(flight.endTime().item()).isCloseTo(4, within(1e-12));
        assertThat(flight.end().select(0, 1).item()).isCloseTo(-20, within(1e-11));
        assertThat(flight.stop().orElseThrow().name()).isEqualTo("ground");
        Tensor second = Transforms.grad(
                Transforms.grad((Tensor g) -> Odes.solve((t, y) -> fall(y, g), start.detach(), 0, 100, SHARP, ground())
                        .endTime()),
                Tensor.scalar(10));
        assertThat(second.item()).isCloseTo(4 * 20 / 1000.0, within(1e-9));
        flight.endTime().backward();
        assertThat(requireNonNull(gravity.grad()).item()).isCloseTo(-0.4, within(1e-11));
        assertThat(requireNonNull(speed.grad()).item()).isCloseTo(0.2, within(1e-11));
    }

    @Test
    void aBallBouncesByAnotherSolutionFromItsEvent() {
        Tensor bounce = parameter(0.5);
        Tensor gravity = Tensor.scalar(10);
        OdeSolution<Tensor> first = Odes.solve((t, y) -> fall(y, gravity), Tensor.of(5, 0), 0, 10, SHARP, ground());
        Tensor up = Tensor.stack(
                0, Tensor.scalar(0), first.end().select(0, 1).mul(bounce).neg());
        OdeSolution<Tensor> second =
                Odes.solve((t, y) -> fall(y, gravity), up, first.endTime(), Tensor.scalar(10), SHARP, ground());
        second.endTime().backward();

        // It falls for 1, and then flies for 2·bounce.
        assertThat(second.endTime().item()).isCloseTo(2, within(1e-10));
        assertThat(requireNonNull(bounce.grad()).item()).isCloseTo(2, within(1e-9));
    }

    // ---- messages ----

    @Test
    void errorsSayWhere() {
        Tensor one = Tensor.of(1.0);
        assertThatThrownBy(() -> Odes.solve((t, y) -> y.square(), one, 0, 2))
                .isInstanceOf(SolverException.class)
                .hasMessageContaining("needs steps below the resolution of the time, and stopped at t = 0.9999")
                .hasMessageContaining("grows without bound, or the tolerances are too loose for a stiff equation")
                .hasMessageNotContaining("is stiff");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y.sub(2).log(), one, 0, 2))
                .hasMessage("Odes.solve: the right-hand side at the start, t = 0.0, is NaN at [0]; the state is [1.0]");
        assertThatThrownBy(() -> Odes.solve((t, y) -> t.rsub(1).sqrt().reshape(1), one, 0, 2))
                .hasMessageContaining("values that are not finite")
                .hasMessageContaining("t = 0.99999");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y.sub(t.cos()).mul(-1e6), one, 0, 10))
                .hasMessageContaining("took 10000 steps")
                .hasMessageContaining("the equation is stiff");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y.sum(), Tensor.of(1, 2), 0, 2))
                .hasMessageContaining("the right-hand side's value is FLOAT64 [], but the start is FLOAT64 [2]");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, one, 0, Double.NaN)).hasMessageContaining("'to' is NaN");
        OdeEvent<Tensor> bool = OdeEvent.note("high", Crossing.ANY, (t, y) -> y.gt(1));
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, one, 0, 1, new OdeOptions(), bool))
                .hasMessageContaining(
                        "event 'high': the function must return a floating scalar, but it returned BOOL [1]");
        OdeEvent<Tensor> jump =
                OdeEvent.note("jump", Crossing.ANY, (t, y) -> y.sub(2).sign());
        Tensor rate = parameter(1);
        OdeSolution<Tensor> jumped = Odes.solve((t, y) -> y.mul(rate), one, 0, 1, new OdeOptions(), jump);
        assertThatThrownBy(() -> jumped.events().get(0).time().backward())
                .hasMessageContaining("Odes.solve, event 'jump': the Jacobian at the solution is singular");
        OdeEvent<Tensor> wrong = OdeEvent.note("both", Crossing.ANY, (t, y) -> y);
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, Tensor.of(1, 2), 0, 1, new OdeOptions(), wrong))
                .hasMessageContaining(
                        "event 'both': the function must return a floating scalar, but it returned FLOAT64 [2]");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, one, 0, 1).at(2))
                .hasMessageContaining("the time 2.0 is outside of the solution, which ends at 1.0");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, Tensor.ones(DType.FLOAT32, 1), 0, 1, SHARP))
                .hasMessageContaining("rtol is 1.0E-11, below what the state's dtype can resolve");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, one, 0, 1, new OdeOptions().tolerances(2.2e-14, 1)))
                .hasMessageContaining("rtol is 2.2E-14")
                .hasMessageContaining("at least 2.22");
        Tensor zero = Tensor.scalar(0).to(DType.FLOAT32);
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, one, zero, zero.add(1), new OdeOptions()))
                .isInstanceOf(DTypeException.class);
        assertThatThrownBy(() -> new OdeOptions().maxSteps(0)).hasMessageContaining("maxSteps");
    }

    @Test
    void aSolutionDoesNotReadTheStartAgain() {
        Tensor start = Tensor.scalar(1).requiresGrad(true);
        OdeSolution<Tensor> decay = Odes.solve((t, y) -> y.neg(), start, 0, 1);
        start.assign(Tensor.scalar(50).data());

        assertThat(decay.at(0.01).item()).isCloseTo(Math.exp(-0.01), within(1e-6));
        assertThat(decay.at(0).item()).isEqualTo(1);
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tested
    void nullIsRefusedByName() {
        Tensor one = Tensor.of(1.0);
        assertThatThrownBy(() -> Odes.solve((BinaryOperator<Tensor>) null, one, 0, 1))
                .hasMessage("Odes.solve: the right-hand side is null");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, (Tensor) null, 0, 1))
                .hasMessage("Odes.solve: the start is null");
        assertThatThrownBy(() -> Odes.solve((t, y) -> y, one, 0, 1, (OdeOptions) null))
                .hasMessage("Odes.solve: the argument 'options' is null");
        assertThatThrownBy(() -> OdeEvent.note("e", null, (Tensor t, Tensor y) -> y))
                .hasMessage("OdeEvent: the crossing is null");
    }

    @Test
    void aStateThatTheRightHandSideChangesIsAnError() {
        for (double[] start : new double[][] {{1}, {1, 2}}) {
            assertThatThrownBy(() -> Odes.solve(
                            (t, y) -> {
                                y.assign(y.data().mul(9));
                                return y.neg();
                            },
                            Tensor.of(start),
                            0,
                            1))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("the right-hand side changed its state in place");
        }
    }

    @Test
    void theRightHandSideMayOverwriteItsLastResult() {
        Tensor buffer = Tensor.zeros(2);
        Tensor start = Tensor.of(1, 2);
        OdeSolution<Tensor> overwritten = Odes.solve(
                (t, y) -> {
                    buffer.assign(y.data().neg());
                    return buffer;
                },
                start,
                0,
                1);

        assertThat(overwritten.end().data())
                .isEqualTo(Odes.solve((t, y) -> y.neg(), start, 0, 1).end().data());
    }

    @Test
    void anEventWithoutASignIsAnError() {
        OdeEvent<Tensor> late =
                OdeEvent.note("late", Crossing.ANY, (t, y) -> t.sub(0.5).sqrt().sub(0.1));

        assertThatThrownBy(() -> Odes.solve((t, y) -> y.neg(), Tensor.of(1.0), 0, 1, new OdeOptions(), late))
                .isInstanceOf(SolverException.class)
                .hasMessage(
                        "Odes.solve, event 'late': the function is NaN at t = 0.0, where the state is [1.0]; its sign"
                                + " is needed along the whole solution");
    }
}
