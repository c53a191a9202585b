package io.adjoint.nn.loss;

import static io.adjoint.autograd.Autograd.grad;
import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.ShapeException;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected numbers were computed by PyTorch 2.6 in float64. */
class CrossEntropyTest {
    private static final Offset<Double> TOLERANCE = within(1e-14);

    private final CrossEntropy mean = new CrossEntropy();
    private final CrossEntropy weighted = mean.classWeights(1, 2, 0.5);
    private final Tensor logits =
            Tensor.of(new double[][] {{1, 2, 3}, {0.5, -1, 2}}).requiresGrad(true);
    private final Tensor classes = Tensor.of(new int[] {0, 2});
    private final Tensor probabilities = Tensor.of(new double[][] {{0.2, 0.3, 0.5}, {0.1, 0.8, 0.1}});

    private static double[] gradient(Loss loss, Tensor logits, Tensor target) {
        Tensor leaf = logits.detach().requiresGrad(true);
        loss.forward(leaf, target).sum().backward();
        return Objects.requireNonNull(leaf.grad()).data().toDoubleArray();
    }

    /** The kernel computes a block of classes at a time and, if positions follow the class axis, a strip of positions at a time. */
    @ParameterizedTest
    @CsvSource({
        "FLOAT64, 3, 2500, 1, 0",
        "FLOAT64, 3, 2500, 1, 0.1",
        "FLOAT64, 2, 1500, 20, 0",
        "FLOAT64, 2, 1500, 20, 0.1",
        "FLOAT32, 3, 2500, 1, 0",
        "FLOAT32, 2, 1500, 20, 0.1"
    })
    void manyClassesAreLikeTheComposition(DType dtype, int samples, int count, int inner, double smoothing) {
        Generator random = new Generator(1);
        Tensor x = Tensor.randn(random, samples, count, inner).mul(3);
        // The last class has the largest logit; in the first sample the logits of the classes before 1100 are −∞ (−50
        // with smoothing).
        x = Tensor.concat(1, x.slice(1, 0, count - 1), Tensor.full(15, samples, 1, inner))
                .to(dtype);
        Tensor early = Tensor.arange(count).reshape(1, count, 1).lt(1100);
        Tensor first = Tensor.arange(samples).reshape(samples, 1, 1).eq(0);
        x = x.maskedFill(early.and(first), smoothing == 0 ? Double.NEGATIVE_INFINITY : -50);
        Tensor target = Tensor.randint(1200, count, random, samples, inner);

        Tensor log = x.to(DType.FLOAT64).logSoftmax(1);
        Tensor hit = log.gather(1, target.unsqueeze(1)).squeeze(1);
        Tensor expected = smoothing == 0
                ? hit.neg()
                : hit.mul(1 - smoothing).add(log.mean(1).mul(smoothing)).neg();
        Tensor q = Tensor.zeros(samples, count, inner)
                .scatterAdd(1, target.unsqueeze(1), Tensor.full(1 - smoothing, samples, 1, inner))
                .add(smoothing / count);
        Tensor ofLogits = log.exp().sub(q);

        CrossEntropy loss = mean.reduction(Reduction.NONE).labelSmoothing(smoothing);
        Tensor leaf = x.requiresGrad(true);
        Tensor value = loss.forward(leaf, target);
        value.sum().backward();
        double tolerance = dtype == DType.FLOAT64 ? 1e-13 : 2e-6;
        assertThat(distance(value.to(DType.FLOAT64), expected)).isLessThan(tolerance * 20);
        assertThat(distance(Objects.requireNonNull(leaf.grad()).to(DType.FLOAT64), ofLogits))
                .isLessThan(tolerance);
    }

    @Test
    void ignoredTargetsCountNothing() {
        Tensor more = Tensor.concat(0, logits.detach(), Tensor.of(new double[][] {{0, 0, 1}}));
        Tensor target = Tensor.of(new int[] {0, 2, -100});

        assertThat(weighted.labelSmoothing(0.1).forward(more, target).item()).isCloseTo(1.8229838657494506, TOLERANCE);
        assertThat(gradient(mean, more, target)).endsWith(0, 0, 0);
        assertThat(mean.ignoreIndex(0).forward(logits, classes).item()).isCloseTo(0.24131129665715703, TOLERANCE);
    }

    @Test
    void whereAllTargetsAreIgnoredTheMeanIsNaNButTheGradientZero() {
        Tensor ignored = Tensor.of(new int[] {-100, -100});

        assertThat(mean.forward(logits, ignored).item()).isNaN();
        assertThat(gradient(mean, logits, ignored)).containsOnly(0);
        assertThat(mean.reduction(Reduction.NONE)
                        .forward(logits, ignored)
                        .data()
                        .toDoubleArray())
                .containsExactly(0, 0);
    }

    @Test
    void anIgnoredTargetTakesNothingFromItsUpstreamGradient() {
        Tensor target = Tensor.of(new int[] {0, -100});
        for (Loss loss : new Loss[] {mean.reduction(Reduction.NONE), new NLL().reduction(Reduction.NONE)}) {
            for (GraphMode graph : new GraphMode[] {GraphMode.FREE, GraphMode.CREATE}) {
                Tensor gradient = Autograd.grad(loss.forward(logits, target), Tensor.of(1, Double.NaN), graph, logits);

                assertThat(gradient.data().toDoubleArray()).endsWith(0, 0, 0).doesNotContain(Double.NaN);
            }
        }
    }

    @Test
    void aClassRuledOutByALogitOfMinusInfinityCostsNothing() {
        Tensor masked = Tensor.of(new double[][] {{1, Double.NEGATIVE_INFINITY, 3}});
        Tensor target = Tensor.of(new int[] {0});

        assertThat(mean.forward(masked, target).item()).isCloseTo(2.1269280110429727, TOLERANCE);
        assertThat(gradient(mean, masked, target))
                .containsExactly(new double[] {-0.8807970779778824, 0, 0.8807970779778823}, TOLERANCE);
    }

    @Test
    void aTargetOutOfRangeIsNamedWithItsPosition() {
        refused(() -> mean.forward(logits, Tensor.of(new int[] {0, 3})))
                .withMessage("CrossEntropy: target 3 at [1] is out of range for 3 classes;"
                        + " expected 0 to 2, or -100 to ignore it");
        refused(() -> mean.forward(
                        logits.reshape(1, 2, 3), Tensor.of(new int[] {0, 1, -1}).reshape(1, 3)))
                .withMessageStartingWith("CrossEntropy: target -1 at [0, 2] is out of range for 2 classes");
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        thrown(ShapeException.class, () -> mean.forward(logits, Tensor.of(new int[] {0, 1, 2})))
                .withMessage(
                        "CrossEntropy: the prediction is [2, 3], so class indices must be [2], but the target is [3]");
        thrown(ShapeException.class, () -> mean.forward(logits, Tensor.of(0.5, 0.5, 0)))
                .withMessageStartingWith("CrossEntropy: the prediction is [2, 3], but the target is [3]");
        thrown(ShapeException.class, () -> mean.forward(Tensor.scalar(1), Tensor.of(new int[] {0})))
                .withMessage("CrossEntropy: expected logits [N, C, ...], got a scalar");
        for (Tensor target : new Tensor[] {classes, probabilities}) {
            thrown(ShapeException.class, () -> mean.classWeights(1, 2).forward(logits, target))
                    .withMessage("CrossEntropy: got 2 class weights for predictions of 3 classes");
            // A single class weight could broadcast, but is refused as well.
            thrown(ShapeException.class, () -> mean.classWeights(1).forward(logits, target))
                    .withMessage("CrossEntropy: got 1 class weights for predictions of 3 classes");
        }
    }

    @Test
    void oneHotRowsOfIntegersAreToldFromClassIndices() {
        Tensor oneHot = classes.oneHot(3).to(DType.INT32);
        thrown(DTypeException.class, () -> mean.forward(logits, oneHot))
                .withMessage("CrossEntropy: a target [2, 3] of the logits' shape is of probabilities, but is INT32;"
                        + " convert it with to(FLOAT64), or give class indices [2], of one-hot rows argMax(1)");
        double expected = mean.forward(logits, classes).item();
        assertThat(mean.forward(logits, oneHot.to(DType.FLOAT64)).item()).isCloseTo(expected, within(1e-15));
        assertThat(mean.forward(logits, oneHot.argMax(1)).item()).isEqualTo(expected);
    }

    @Test
    void logitsOfIgnoredTargetsHaveGradientZeroInARecordedPassToo() {
        Tensor padded = Tensor.of(new double[][] {{1, 2}, {Double.NaN, Double.NaN}, {-1 / 0.0, -1 / 0.0}})
                .requiresGrad(true);
        Tensor target = Tensor.of(new int[] {0, -100, -100});
        double[] expected = gradient(mean.labelSmoothing(0.1), padded, target);
        assertThat(expected).endsWith(0, 0, 0, 0);

        Tensor loss = mean.labelSmoothing(0.1).forward(padded, target);
        Tensor recorded = grad(loss, GraphMode.CREATE, padded);
        assertThat(recorded.data().toDoubleArray()).containsExactly(expected, TOLERANCE);
        assertThat(grad(recorded.square().sum(), padded).data().toDoubleArray()).endsWith(0, 0, 0, 0);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        refused(() -> mean.labelSmoothing(1.5))
                .withMessage("CrossEntropy: the label smoothing must be from 0 to 1, got 1.5");
        refused(() -> mean.labelSmoothing(Double.NaN));
        refused(() -> mean.classWeights(1, -3))
                .withMessage("CrossEntropy: the weight of class 1 must be finite and not negative, got -3.0");
        refused(() -> new NLL().classWeights(Double.NaN))
                .withMessage("NLL: the weight of class 0 must be finite and not negative, got NaN");
    }
}
