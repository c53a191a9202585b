package io.adjoint.nn.loss;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Checks values and gradients computed by hand; the testkit's tests compare the losses with a reference and with finite differences. */
class LossesTest {
    private final Tensor x = Tensor.of(0, 0.5, -3).requiresGrad(true);
    private final Tensor zeros = Tensor.of(0, 0, 0);

    /** The elements of a tensor, with −0 replaced by 0. */
    private static double[] numbers(Tensor tensor) {
        return Arrays.stream(tensor.detach().data().toDoubleArray())
                .map(v -> v + 0.0)
                .toArray();
    }

    private double[] gradient(Loss loss, Tensor target) {
        x.zeroGrad();
        loss.forward(x, target).backward();
        return numbers(Objects.requireNonNull(x.grad()));
    }

    @Test
    void absoluteErrors() {
        assertThat(new L1().forward(x, zeros).item()).isCloseTo(3.5 / 3, within(1e-15));
        assertThat(gradient(new L1().reduction(Reduction.SUM), zeros)).containsExactly(0, 1, -1);
        assertThat(numbers(new Huber().reduction(Reduction.NONE).forward(x, zeros)))
                .containsExactly(0, 0.125, 2.5);
        assertThat(gradient(new Huber(0.25).reduction(Reduction.SUM), zeros)).containsExactly(0, 0.25, -0.25);
        assertThat(numbers(new SmoothL1(2).reduction(Reduction.NONE).forward(x, zeros)))
                .containsExactly(0, 0.0625, 2);
        assertThat(gradient(new SmoothL1().reduction(Reduction.SUM), zeros)).containsExactly(0, 0.5, -1);
        assertThat(gradient(new SmoothL1(0).reduction(Reduction.SUM), zeros)).containsExactly(0, 1, -1);
    }

    @Test
    void infinitelyFarOutliersPullWithTheForceOfDelta() {
        Tensor far =
                Tensor.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY).requiresGrad(true);
        new Huber(2).reduction(Reduction.SUM).forward(far, Tensor.of(0, 0)).backward();
        assertThat(numbers(Objects.requireNonNull(far.grad()))).containsExactly(2, -2);
    }

    @Test
    void theMeanOfNothingIsNaNWithoutGradient() {
        Tensor none = Tensor.of(new double[0]).requiresGrad(true);
        for (Loss loss : List.of(
                new MSE(), new L1(), new Huber(), new SmoothL1(), new BCE(), new BCEWithLogits(), new KLDiv())) {
            assertThat(loss.forward(none, none.detach()).item()).isNaN();
        }
    }

    @Test
    void binaryCrossEntropies() {
        Tensor p = Tensor.of(0.25, 1).requiresGrad(true);
        assertThat(numbers(new BCE().reduction(Reduction.NONE).forward(p, Tensor.of(1, 0))))
                .containsExactly(-Math.log(0.25), 100);
        new BCE().reduction(Reduction.SUM).forward(p, Tensor.of(1, 1)).backward();
        assertThat(numbers(Objects.requireNonNull(p.grad()))).containsExactly(-4, 0);

        Tensor weighted = new BCEWithLogits().positiveWeight(Tensor.of(3)).forward(Tensor.of(0.5), Tensor.of(1));
        assertThat(weighted.item()).isCloseTo(1.42223, within(1e-5));
        assertThat(new BCEWithLogits().forward(Tensor.of(50), Tensor.of(1)).item())
                .isCloseTo(Math.exp(-50), within(1e-36));
        refused(() -> new BCE().forward(Tensor.of(Double.NaN), Tensor.of(1)))
                .withMessage(
                        "BCE: the prediction [1] must be between 0 and 1, but has NaN as element 0 in row-major order;"
                                + " of logits, use BCEWithLogits");
        assertThatThrownBy(() -> new BCE().forward(Tensor.of(1), Tensor.of(-1)))
                .hasMessageContaining("the target [1] must be between 0 and 1, but has -1.0");
        assertThatThrownBy(() -> new BCEWithLogits()
                        .positiveWeight(Tensor.of(new float[] {1}))
                        .forward(Tensor.of(1), Tensor.of(1)))
                .hasMessageContaining("the positive weight is FLOAT32, but the prediction is FLOAT64");
    }

    /** The prediction is a view, and the wrong element is behind the first block of the parallel search. */
    @Test
    void theFirstElementOutOfRangeIsNamed() {
        NdArray wrong = NdArray.generate(DType.FLOAT64, Shape.of(300, 400), k -> k % 1000 == 999 ? -k : 0.5);
        Tensor half = Tensor.full(Shape.of(400, 300), 0.5);
        Tensor view = Tensor.of(wrong.transpose());
        assertThatThrownBy(() -> new BCE().forward(view, half))
                .hasMessageContaining("but has -999.0 as element 59702 in row-major order");
        assertThatThrownBy(() -> new BCE().forward(half.reshape(300, 400), Tensor.of(wrong)))
                .hasMessageContaining("but has -999.0 as element 999 in row-major order");
        assertThatThrownBy(() -> new KLDiv().forward(half.reshape(300, 400), Tensor.of(wrong)))
                .hasMessageContaining("but has -999.0 as element 999 in row-major order");
    }

    @Test
    void divergences() {
        Tensor logQ = Tensor.of(new double[][] {{-1, -2}, {Double.NEGATIVE_INFINITY, 0}})
                .requiresGrad(true);
        Tensor p = Tensor.of(new double[][] {{1, 0}, {0, 1}});
        assertThat(new KLDiv().forward(logQ, p).item()).isEqualTo(0.5);
        assertThat(new KLDiv().reduction(Reduction.MEAN).forward(logQ, p).item())
                .isEqualTo(0.25);
        new KLDiv().reduction(Reduction.SUM).forward(logQ, p).backward();
        assertThat(numbers(Objects.requireNonNull(logQ.grad()))).containsExactly(-1, 0, 0, -1);
        assertThat(new KLDiv().forward(Tensor.scalar(-2), Tensor.scalar(1)).item())
                .isEqualTo(2);
    }

    @Test
    void likelihoods() {
        Tensor logP = Tensor.of(new double[][] {{-1, -2}, {-3, -4}}).requiresGrad(true);
        Tensor target = Tensor.of(new int[] {1, 0});
        assertThat(new NLL().forward(logP, target).item()).isEqualTo(2.5);
        NLL weighted = new NLL().classWeights(1, 3);
        assertThat(weighted.forward(logP, target).item()).isEqualTo((3 * 2 + 3) / 4.0);
        assertThat(new NLL().ignoreIndex(1).forward(logP, target).item()).isEqualTo(3);
        assertThat(new NLL()
                        .reduction(Reduction.NONE)
                        .forward(Tensor.of(-1, -2), Tensor.of(new int[] {1}).squeeze())
                        .item())
                .isEqualTo(2);

        Loss ignoring = new NLL().ignoreIndex(0);
        Tensor nothing = ignoring.forward(logP, Tensor.of(new int[] {0, 0}));
        nothing.backward();
        assertThat(nothing.item()).isNaN();
        assertThat(numbers(Objects.requireNonNull(logP.grad()))).containsOnly(0);
        assertThatThrownBy(() -> new NLL().forward(Tensor.scalar(1), Tensor.of(new int[] {0})))
                .hasMessage("NLL: expected log-probabilities [N, C, ...], got a scalar");
        for (DType dtype : new DType[] {DType.INT32, DType.FLOAT64}) {
            Tensor oneHot = target.oneHot(2).to(dtype);
            thrown(ShapeException.class, () -> new NLL().forward(logP, oneHot))
                    .withMessage("NLL: the prediction is [2, 2], so class indices must be [2], but the target is of the"
                            + " prediction's shape; of one-hot rows, pass argMax(1)");
            assertThat(new NLL().forward(logP, oneHot.argMax(1)).item()).isEqualTo(2.5);
        }
        assertThatThrownBy(() -> weighted.forward(Tensor.of(new double[][] {{1, 2, 3}}), Tensor.of(new int[] {0})))
                .hasMessage("NLL: got 2 class weights for predictions of 3 classes");
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Huber(Double.POSITIVE_INFINITY)).hasMessageContaining("delta must be positive");
        assertThatThrownBy(() -> new SmoothL1(Double.NaN)).hasMessageContaining("beta must be finite");
    }

    @Test
    void scoresOfClassesAreNoIntegers() {
        Tensor target = Tensor.of(new int[] {0}).squeeze();
        for (Loss loss : List.of(new CrossEntropy(), new FocalCrossEntropy(), new NLL())) {
            thrown(DTypeException.class, () -> loss.forward(Tensor.of(new int[] {1, 2}), target))
                    .withMessageStartingWith(
                            loss.getClass().getSimpleName() + ": expected FLOAT64 or FLOAT32 elements, got INT32");
        }
    }

    @Test
    void theTripletMarginNamesTheTensorThatDoesNotFit() {
        Tensor anchor = Tensor.zeros(4, 3);
        thrown(ShapeException.class, () -> new TripletMargin().forward(anchor, anchor, Tensor.zeros(1, 3)))
                .withMessageStartingWith("TripletMargin: the anchor is [4, 3], but the negative is [1, 3]");
    }

    @Test
    void aLossSaysItsSettings() {
        assertThat(List.of(
                                new CrossEntropy(),
                                new CrossEntropy().labelSmoothing(0.1).classWeights(1, 2),
                                new FocalCrossEntropy().gamma(3).reduction(Reduction.SUM),
                                new NLL().ignoreIndex(0),
                                new MultiMargin().p(2).margin(0.5),
                                new MultiLabelSoftMargin(),
                                new L1().reduction(Reduction.SUM))
                        .stream()
                        .map(Object::toString))
                .containsExactly(
                        "CrossEntropy[]",
                        "CrossEntropy[labelSmoothing=0.1, classWeights=[1.0, 2.0]]",
                        "FocalCrossEntropy[gamma=3.0, reduction=SUM]",
                        "NLL[ignoreIndex=0]",
                        "MultiMargin[p=2, margin=0.5, classWeights=[], reduction=MEAN]",
                        "MultiLabelSoftMargin[classWeights=[], reduction=MEAN]",
                        "L1[reduction=SUM]");
    }
}
