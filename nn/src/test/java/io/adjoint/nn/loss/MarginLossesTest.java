package io.adjoint.nn.loss;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.ShapeException;
import org.junit.jupiter.api.Test;

/** Kinks, extremes and wrong use of the losses that have a margin or a likelihood. */
class MarginLossesTest {
    private static final Tensor ONE = Tensor.of(1);

    /** The elements of a tensor, with −0 replaced by 0. */
    private static double[] numbers(Tensor tensor) {
        return tensor.detach().add(0).data().toDoubleArray();
    }

    private static double[] gradient(Tensor loss, Tensor of) {
        return numbers(Autograd.grad(loss.sum(), of));
    }

    private static Tensor leaf(double... values) {
        return Tensor.of(values).requiresGrad(true);
    }

    @Test
    void equalScoresAreToldApartThoughTheMarginIsZero() {
        Tensor a = leaf(0.5, 0.5);
        Tensor loss = new MarginRanking().reduction(Reduction.SUM).forward(a, Tensor.of(0.5, 0.5), Tensor.of(1, -1));
        assertThat(loss.item()).isZero();
        assertThat(gradient(loss, a)).containsExactly(-1, 1);
    }

    @Test
    void marginsThatAreMetExactlyHaveTheSlopeOfAViolationWherePyTorchHasIt() {
        Tensor x = leaf(1);
        assertThat(gradient(new HingeEmbedding().forward(x, Tensor.of(-1)), x)).containsExactly(-1);
        assertThat(gradient(new Hinge().forward(x, ONE), x)).containsExactly(0);
        Tensor a = leaf(1, 0);
        Tensor orthogonal = new CosineEmbedding().forward(a, Tensor.of(0, 1), Tensor.scalar(-1));
        assertThat(gradient(orthogonal, a)[1]).isCloseTo(1, within(1e-11));
        Tensor scores = leaf(0, 1);
        assertThat(gradient(
                        new MultiMargin()
                                .forward(scores, Tensor.of(new int[] {1}).squeeze()),
                        scores))
                .containsExactly(0, 0);
    }

    @Test
    void vectorsOfZerosHaveFiniteGradients() {
        Tensor a = leaf(0, 0);
        double[] gradient = gradient(new CosineEmbedding().forward(a, Tensor.of(3, 4), Tensor.scalar(1)), a);
        assertThat(gradient[0]).isCloseTo(-0.6e6, within(1.0));
        assertThat(gradient[1]).isCloseTo(-0.8e6, within(1.0));
    }

    @Test
    void theSoftMarginIsExactForLargeScores() {
        Tensor x = leaf(800, -800, 40);
        Tensor loss = new SoftMargin().reduction(Reduction.NONE).forward(x, Tensor.of(-1, -1, 1));
        assertThat(numbers(loss)[0]).isEqualTo(800);
        assertThat(numbers(loss)[1]).isZero();
        assertThat(numbers(loss)[2]).isCloseTo(Math.exp(-40), within(1e-30));
    }

    @Test
    void theFocalLossIsFiniteForLogitsOfAnySize() {
        for (double gamma : new double[] {0, 0.5, 1, 2}) {
            Focal focal = new Focal().gamma(gamma).withoutAlpha();
            Tensor x = leaf(1000, -1000, 1000, -1000);
            Tensor loss = focal.reduction(Reduction.NONE).forward(x, Tensor.of(1, 0, 0, 1));
            assertThat(numbers(loss)).containsExactly(0, 0, 1000, 1000);
            assertThat(gradient(loss, x)).usingComparatorWithPrecision(1e-12).containsExactly(0, 0, 1, -1);
        }
    }

    @Test
    void aVarianceBelowTheBoundStillLearns() {
        Tensor variance = leaf(0, 1e-9);
        Tensor loss = new GaussianNLL()
                .eps(0.5)
                .reduction(Reduction.NONE)
                .forward(Tensor.of(1, 1), Tensor.of(0, 0), variance);
        assertThat(numbers(loss)).containsOnly((Math.log(0.5) + 2) / 2);
        assertThat(gradient(loss, variance)).containsOnly((2 - 4) / 2.0);
    }

    @Test
    void anImpossibleClassOfALogTargetCostsNothing() {
        Tensor u = leaf(Double.NEGATIVE_INFINITY, 0);
        Tensor loss = new KLDiv().logTarget().reduction(Reduction.SUM).forward(Tensor.of(-3, -1), u);
        assertThat(loss.item()).isEqualTo(1);
        assertThat(gradient(loss, u)).containsExactly(0, 2);
    }

    @Test
    void targetsThatAreNeitherMinusOneNorOneAreNamed() {
        Tensor x = Tensor.of(1, 2);
        refused(() -> new SoftMargin().forward(x, Tensor.of(1, 0)))
                .withMessage("SoftMargin: the target [2] must be -1 or 1, but has 0.0 as element 1 in row-major order;"
                        + " labels of 0 and 1 become these with mul(2).sub(1)");
        assertThatThrownBy(() -> new MarginRanking().forward(x, x, Tensor.of(1, Double.NaN)))
                .hasMessageContaining("MarginRanking: the target [2] must be -1 or 1, but has NaN as element 1");
        assertThatThrownBy(() -> new CosineEmbedding().forward(x, x, Tensor.scalar(0)))
                .hasMessageContaining("CosineEmbedding: the target [] must be -1 or 1");
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        Tensor x = Tensor.zeros(4, 3);
        thrown(ShapeException.class, () -> new CosineEmbedding().forward(x, x, Tensor.ones(3)))
                .withMessage("CosineEmbedding: the inputs are [4, 3], so the target must be [4], got [3]");
        assertThatThrownBy(() -> new CosineEmbedding().forward(x.sum(), x.sum(), x.sum()))
                .hasMessageContaining("expected vectors [..., D], got scalars");
        thrown(ShapeException.class, () -> new GaussianNLL().forward(x, x, Tensor.ones(3)))
                .withMessage("GaussianNLL: the variance of a prediction [4, 3] has its shape, or 1 as the last size, or"
                        + " no last axis; got [3]");
        assertThatThrownBy(() -> new GaussianNLL().forward(x, x, Tensor.full(-1, 4, 3)))
                .hasMessageContaining(
                        "GaussianNLL: the variance [4, 3] must be not negative, but has -1.0 as element 0");
        assertThatThrownBy(() -> new GaussianNLL().forward(x, x, Tensor.ones(DType.FLOAT32, 4)))
                .isInstanceOf(DTypeException.class);
        assertThatThrownBy(() -> new MultiMargin().forward(Tensor.zeros(2, 3, 4), Tensor.of(new int[] {1})))
                .hasMessage("MultiMargin: expected scores [N, C] or [C], got [2, 3, 4]");
        assertThatThrownBy(() -> new MultiMargin().forward(x, Tensor.of(new int[] {0, 1, 2, 3})))
                .hasMessage("MultiMargin: target 3 at [3] is out of range for 3 classes; expected 0 to 2");
        assertThatThrownBy(() -> new MultiMargin().classWeights(1, 2).forward(x, Tensor.of(new int[] {0, 1, 2, 0})))
                .hasMessage("MultiMargin: got 2 class weights for predictions of 3 classes");
        assertThatThrownBy(() -> new MultiLabelMargin().forward(x, Tensor.of(new int[] {0, 1, 2})))
                .hasMessageContaining("MultiLabelMargin: the prediction is [4, 3], but the target is [3]");
        thrown(DTypeException.class, () -> new MultiLabelMargin().forward(x, x))
                .withMessageContaining("class indices are INT32, but the target [4, 3] is FLOAT64");
        assertThatThrownBy(() -> new MultiLabelMargin().forward(Tensor.zeros(1, 2), Tensor.of(new int[][] {{0, 2}})))
                .hasMessage("MultiLabelMargin: target 2 at [0, 1] is out of range for 2 classes; expected 0 to 1, or -1"
                        + " to end the row");
        assertThatThrownBy(() -> new MultiLabelSoftMargin().forward(x.sum(), x.sum()))
                .hasMessageContaining("expected logits [..., C], got a scalar");
        assertThatThrownBy(() -> new TripletMarginWithDistance(Tensor::sub).forward(x, x, x.sum()))
                .hasMessageStartingWith("TripletMarginWithDistance: the anchor is [4, 3], but the negative is []");
    }

    @Test
    void classWeightsAreEmptyUnlessTheyAreSet() {
        assertThat(new MultiMargin().classWeights()).isEmpty();
        assertThat(new MultiLabelSoftMargin().classWeights()).isEmpty();
        assertThat(new MultiMargin().classWeights(1, 2).classWeights()).containsExactly(1.0, 2.0);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new HingeEmbedding(Double.NaN)).hasMessageContaining("margin must be finite, got NaN");
        assertThatThrownBy(() -> new MultiMargin().p(3)).hasMessageContaining("p must be 1 or 2, got 3");
        assertThatThrownBy(() -> new CosineEmbedding().margin(2)).hasMessageContaining("between -1 and 1, got 2.0");
        assertThatThrownBy(() -> new TripletMargin().p(0)).hasMessageContaining("norm p must be positive, got 0.0");
        assertThatThrownBy(() -> new TripletMargin().eps(-1)).hasMessageContaining("eps must be finite");
        assertThatThrownBy(() -> new Focal().alpha(1.5)).hasMessageContaining("alpha must be from 0 to 1, got 1.5");
        assertThatThrownBy(() -> new GaussianNLL().eps(0)).hasMessageContaining("eps must be positive");
        assertThatThrownBy(() -> new MultiLabelSoftMargin().classWeights(-1))
                .hasMessageContaining("the weight of class 0 must be finite and not negative, got -1.0");
    }
}
