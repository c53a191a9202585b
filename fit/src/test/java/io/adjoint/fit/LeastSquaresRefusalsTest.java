package io.adjoint.fit;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.ShapeException;
import io.adjoint.fit.LeastSquaresTest.Decay;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LeastSquaresRefusalsTest {
    private final Tensor t = Tensor.of(0, 0.5, 1, 1.5, 2, 2.5, 3);
    private final Tensor y = Tensor.of(2.52, 1.73, 1.23, 0.82, 0.58, 0.41, 0.27);
    private final LeastSquares<Decay> squares = LeastSquares.of(p -> p.at(t).sub(y));

    @Test
    void startsThatDoNotFitAreRefusedByName() {
        refused(() -> squares.from(Decay.of(1, Double.NaN)), "LeastSquares: the start has .rate = NaN");
        refused(
                () -> squares.bounds(Decay.of(0, 0), Decay.of(1, 1)).from(Decay.of(0.5, 3)),
                "LeastSquares: the start has .rate = 3.0, outside its bounds 0.0 and 1.0");
        refused(
                () -> squares.bounds(Decay.of(0, 2), Decay.of(1, 1)).from(Decay.of(0.5, 3)),
                "LeastSquares: .rate has the bounds 2.0 and 1.0; the lower one must not be above the upper one");
        refused(
                () -> squares.from(new Decay(Tensor.scalar(1), Tensor.scalar(1).to(DType.FLOAT32))),
                "LeastSquares: .rate is FLOAT32; a fit needs FLOAT64: convert with to(FLOAT64)");
        refused(
                () -> LeastSquares.of((Map<String, Tensor> p) -> y)
                        .bounds(Map.of(), Map.of())
                        .from(Map.of("a", Tensor.scalar(1))),
                "LeastSquares: the lower bound has no floating tensor at [\"a\"]; give an infinite element where there is no bound");
        refused(
                () -> LeastSquares.of((List<Tensor> p) -> t).from(List.of()),
                "LeastSquares: the start, a ListN, contains no floating tensor");
    }

    @Test
    void residualsThatDoNotFitAreRefusedByName() {
        refused(
                () -> LeastSquares.of((Decay p) -> p.at(Tensor.of(1))).from(Decay.of(1, 2)),
                "LeastSquares: 1 residual for 2 parameters (.amplitude = 1.0, .rate = 2.0); there must be at least as many"
                        + " residuals as parameters: return the residuals, not the sum of their squares");
        refused(
                () -> squares.weights(Tensor.of(0, 0, 0, 1, 0, 0, 0)).from(Decay.of(1, 2)),
                "LeastSquares: 1 residual of positive weight for 2 parameters (.amplitude = 1.0, .rate = 2.0); there must be at"
                        + " least as many residuals as parameters: fix some, or add data");
        refused(
                () -> LeastSquares.of((Decay p) -> p.at(t).log().sub(y)).from(Decay.of(-1, 2)),
                "LeastSquares: residual [0] is NaN at the start, .amplitude = -1.0, .rate = 2.0; start where the function is"
                        + " finite; give NaN in the data the weight 0");
        refused(
                () -> LeastSquares.of((Decay p) -> p.rate().div(t).sub(y)).from(Decay.of(1, 2)),
                "LeastSquares: residual [0] is Infinity at the start, .amplitude = 1.0, .rate = 2.0; start where the function"
                        + " is finite");
        refused(
                () -> LeastSquares.of((Tensor k) -> null).from(Tensor.scalar(1)),
                "LeastSquares: the function returned null");
        refused(
                () -> LeastSquares.of((Tensor k) -> k.mul(1e160)).from(Tensor.scalar(1)),
                "LeastSquares: residual [] is 1.0E160 at the start, parameter = 1.0; its square overflows: start elsewhere, or"
                        + " scale the residuals");
        refused(
                () -> LeastSquares.of((Tensor k) -> k.mul(1e-170)).from(Tensor.scalar(1)),
                "LeastSquares: the cost is 0.0 at the start, where the largest residual is 1.0E-170: squares underflow; scale"
                        + " the residuals");
        refused(
                () -> LeastSquares.of((Tensor k) -> k.sub(3))
                        .loss(RobustLoss.CAUCHY, 1e200)
                        .from(Tensor.scalar(1)),
                "LeastSquares: the cost is NaN at the start, where the largest residual is 2.0 and the scale of the loss"
                        + " 1.0E200: squares overflow; scale the residuals");
        refused(
                () -> LeastSquares.of((Decay p) -> p.rate().sqrt().mul(t).sub(y))
                        .from(Decay.of(1, 0)),
                "LeastSquares: the derivative of residual [0] with respect to .rate is NaN at the start, .amplitude = 1.0,"
                        + " .rate = 0.0; start elsewhere");
        refused(
                () -> LeastSquares.of((Decay p) -> t).from(Decay.of(1, 2)),
                "LeastSquares: no residual depends on a parameter at the start, .amplitude = 1.0, .rate = 2.0; start"
                        + " elsewhere, or compute the residuals from the tensors that the function is given");
        assertThatThrownBy(() -> squares.weights(Tensor.of(1, 2)).from(Decay.of(1, 1)))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "LeastSquares: the weights have the shape [2], which does not broadcast to that of the residuals, [7]");
        refused(
                () -> squares.weights(Tensor.of(1, 1, -1, 1, 1, 1, 1)).from(Decay.of(1, 1)),
                "LeastSquares: the weight of residual [2] is -1.0; a weight is 1/σ², or 0 to leave a residual out");
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        refused(
                () -> squares.loss(RobustLoss.HUBER, 0),
                "LeastSquares: the loss has the scale 0.0; it must be positive and finite");
        refused(() -> squares.tolerance(0), "LeastSquares: the tolerance is 0.0; it must be in (0, 1)");
        refused(() -> squares.maxEvaluations(0), "LeastSquares: maxEvaluations is 0; it must be positive");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
