package io.adjoint.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MSETest {
    private final Tensor prediction = Tensor.of(new double[][] {{1, 2}, {3, 4}}).requiresGrad(true);
    private final Tensor zeros = Tensor.zeros(2, 2);

    private double[] gradient() {
        return Objects.requireNonNull(prediction.grad()).data().toDoubleArray();
    }

    @Test
    void isTheMeanOverAllElements() {
        Tensor loss = new MSE().forward(prediction, zeros);
        loss.backward();

        assertThat(loss.item()).isEqualTo(7.5);
        assertThat(gradient()).containsExactly(0.5, 1, 1.5, 2);
    }

    @Test
    void halvedIsHalfOfIt() {
        Tensor loss = new MSE().halved().forward(prediction, zeros);
        loss.backward();

        assertThat(loss.item()).isEqualTo(3.75);
        assertThat(gradient()).containsExactly(0.25, 0.5, 0.75, 1);
    }

    @Test
    void sumsOrLeavesTheSquaredErrorsOnDemand() {
        assertThat(new MSE().reduction(Reduction.SUM).forward(prediction, zeros).item())
                .isEqualTo(30);
        assertThat(new MSE()
                        .reduction(Reduction.NONE)
                        .forward(prediction, zeros)
                        .data())
                .isEqualTo(NdArray.of(Shape.of(2, 2), 1, 4, 9, 16));
        assertThat(new MSE()
                        .halved()
                        .reduction(Reduction.NONE)
                        .forward(prediction, zeros)
                        .data())
                .isEqualTo(NdArray.of(Shape.of(2, 2), 0.5, 2, 4.5, 8));
        assertThat(new MSE()
                        .halved()
                        .reduction(Reduction.SUM)
                        .forward(prediction, zeros)
                        .item())
                .isEqualTo(15);
    }

    @Test
    @SuppressWarnings("CheckReturnValue") // the test is about the arguments, not the result
    void leavesPredictionAndTargetAsTheyWere() {
        Tensor target = Tensor.of(1, 2, 3);
        new MSE().forward(Tensor.of(0, 0, 0), target);

        assertThat(target.data()).isEqualTo(NdArray.of(Shape.of(3), 1, 2, 3));
    }

    @Test
    void theMeanOfNothingIsNaN() {
        assertThat(new MSE().forward(Tensor.of(), Tensor.of()).item()).isNaN();
    }

    @Test
    void unequalShapesAreRefused() {
        assertThatExceptionOfType(ShapeException.class)
                .isThrownBy(() -> new MSE().forward(prediction, Tensor.of(1, 2)))
                .withMessage("MSE: the prediction is [2, 2], but the target is [2];"
                        + " they must be equal: use reshape, or broadcastTo if repeating is meant");
    }

    @Test
    void unequalDtypesAreRefused() {
        assertThatExceptionOfType(DTypeException.class)
                .isThrownBy(() -> new MSE().forward(Tensor.of(1), Tensor.of(new float[] {1})))
                .withMessage("MSE: cannot mix FLOAT64 with FLOAT32;" + " convert one with to(FLOAT64) or to(FLOAT32)");
    }

    @Test
    void aLambdaIsALossToo() {
        Loss absolute = (p, t) -> p.sub(t).abs().mean();

        assertThat(absolute.forward(Tensor.of(1, -3), Tensor.of(0, 0)).item()).isEqualTo(2);
    }
}
