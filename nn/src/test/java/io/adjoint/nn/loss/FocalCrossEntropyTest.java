package io.adjoint.nn.loss;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FocalCrossEntropyTest {
    private final FocalCrossEntropy loss = new FocalCrossEntropy();
    private final Tensor classes = Tensor.of(new int[] {0, 2});

    private static Tensor logits() {
        return Tensor.of(new double[][] {{1, 2, 3}, {0.5, -1, 2}}).requiresGrad(true);
    }

    private static double[] gradient(Loss loss, Tensor logits, Tensor target) {
        loss.forward(logits, target).sum().backward();
        return Objects.requireNonNull(logits.grad()).data().toDoubleArray();
    }

    @Test
    void withoutFocusItIsTheCrossEntropy() {
        CrossEntropy plain = new CrossEntropy().classWeights(1, 2, 0.5).ignoreIndex(1);
        Loss focal = loss.gamma(0).classWeights(1, 2, 0.5).ignoreIndex(1);

        assertThat(focal.forward(logits(), classes).item())
                .isEqualTo(plain.forward(logits(), classes).item());
        assertThat(gradient(focal, logits(), classes)).containsExactly(gradient(plain, logits(), classes));
    }

    @Test
    void twoClassesAreTheBinaryLoss() {
        Tensor x = Tensor.of(-3, 0.25, 4);
        Tensor two = Tensor.of(new double[][] {{0, -3}, {0, 0.25}, {0, 4}});

        assertThat(loss.forward(two, Tensor.of(new int[] {1, 0, 1})).item())
                .isCloseTo(
                        new Focal()
                                .withoutAlpha()
                                .forward(x, Tensor.of(1, 0, 1))
                                .item(),
                        within(1e-15));
    }

    @Test
    void isFiniteForLogitsOfAnySize() {
        Tensor both = Tensor.of(new int[] {0, 1});
        for (double gamma : new double[] {0, 0.5, 1, 2}) {
            Loss each = loss.gamma(gamma).reduction(Reduction.NONE);
            Tensor x = Tensor.of(new double[][] {{1000, 0}, {1000, 0}}).requiresGrad(true);

            assertThat(each.forward(x, both).data().toDoubleArray()).containsExactly(0, 1000);
            assertThat(gradient(each, x, both)).containsExactly(0, 0, 1, -1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void aClassThatIsRuledOutHasTheGradientOfACrossEntropy(DType dtype) {
        double[][] scores = {{Double.NEGATIVE_INFINITY, 1, 2}, {3, Double.NEGATIVE_INFINITY, 2}};
        for (double gamma : new double[] {0, 0.5, 1, 2}) {
            Tensor x = Tensor.of(scores).to(dtype).requiresGrad(true);
            Tensor y = Tensor.of(scores).to(dtype).requiresGrad(true);
            Tensor target = Tensor.of(new int[] {0, 1});

            assertThat(loss.gamma(gamma).forward(x, target).item()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(gradient(loss.gamma(gamma), x, target))
                    .containsExactly(gradient(new CrossEntropy(), y, target), within(1e-7));
        }
    }

    @Test
    void finiteLogitsWhoseLossIsInfiniteHaveAGradient() {
        Tensor x = Tensor.of(new double[][] {{-3e38, 3e38}}).to(DType.FLOAT32).requiresGrad(true);

        assertThat(gradient(loss, x, Tensor.of(new int[] {0}))).containsExactly(-1, 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void aClassThatIsCertainHasFiniteGradientsOfTwoOrders(DType dtype) {
        for (double margin : new double[] {1, 10, 20, 50, 80, 100, 1000}) {
            for (double gamma : new double[] {0.25, 0.5, 0.9, 1, 2}) {
                Tensor x = Tensor.of(new double[][] {{margin, 0, 0}}).to(dtype).requiresGrad(true);
                Tensor first =
                        Autograd.grad(loss.gamma(gamma).forward(x, Tensor.of(new int[] {0})), GraphMode.CREATE, x);
                Tensor second = Autograd.grad(first.square().sum(), GraphMode.CREATE, x);

                for (Tensor each : List.of(first, second)) {
                    assertThat(Arrays.stream(each.data().toDoubleArray()))
                            .as("margin %s, gamma %s", margin, gamma)
                            .allMatch(Double::isFinite);
                }
            }
        }
    }

    @Test
    void ignoredTargetsAndClassesWithoutWeightTakeNothingNotEvenNaN() {
        Tensor x = Tensor.of(new double[][] {{Double.NaN, 1, 2}, {Double.NaN, 1, 2}, {1, 2, 3}})
                .requiresGrad(true);
        Loss sum = loss.classWeights(1, 0, 1).reduction(Reduction.SUM);
        Tensor target = Tensor.of(new int[] {-100, 1, 0});

        assertThat(sum.forward(x, target).item()).isPositive().isFinite();
        assertThat(gradient(sum, x, target)).doesNotContain(Double.NaN).startsWith(0, 0, 0, 0, 0, 0);
    }

    @Test
    void theMeanOfNothingIsNaNWithoutAGradient() {
        Tensor none = Tensor.of(new int[] {-100, -100});

        assertThat(loss.forward(logits(), none).item()).isNaN();
        assertThat(gradient(loss, logits(), none)).containsOnly(0);
    }

    @Test
    void wrongUseIsNamed() {
        refused(() -> loss.gamma(-1))
                .withMessage("FocalCrossEntropy: the gamma must be finite and not negative, got -1.0");
        refused(() -> loss.classWeights(1, -1))
                .withMessageContaining("FocalCrossEntropy: the weight of class 1 must be finite and not negative");
        refused(() -> loss.forward(logits(), Tensor.of(new int[] {0, 3})))
                .withMessageContaining("FocalCrossEntropy: target 3 at [1] is out of range for 3 classes");
        thrown(ShapeException.class, () -> loss.classWeights(1, 1).forward(logits(), classes))
                .withMessageContaining("got 2 class weights for predictions of 3 classes");
        thrown(ShapeException.class, () -> loss.forward(logits(), logits()))
                .withMessageContaining("class indices must be [2], but the target is of the prediction's shape")
                .withMessageContaining("argMax(1)");
        thrown(ShapeException.class, () -> loss.forward(Tensor.scalar(1), Tensor.of(0)))
                .withMessage("FocalCrossEntropy: expected logits [N, C, ...], got a scalar");
        thrown(DTypeException.class, () -> loss.forward(logits(), Tensor.of(0, 1)))
                .withMessageContaining("to(INT32)");
    }
}
