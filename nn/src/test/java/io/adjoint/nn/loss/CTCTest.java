package io.adjoint.nn.loss;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares the loss with a sum over all alignments, and tests its wrong use. */
class CTCTest {
    private static final CTC EACH = new CTC().reduction(Reduction.NONE);

    private static Tensor ints(int... values) {
        return Tensor.of(values);
    }

    private static Tensor logProbs(int steps, int samples, int classes) {
        return Tensor.randn(new Generator(3), steps, samples, classes)
                .logSoftmax(2)
                .detach()
                .requiresGrad(true);
    }

    /** The labels that an alignment spells, found by removing first the repetitions and then the blanks. */
    private static List<Integer> read(int... alignment) {
        List<Integer> labels = new ArrayList<>();
        for (int t = 0; t < alignment.length; t++) {
            if (alignment[t] != 0 && (t == 0 || alignment[t] != alignment[t - 1])) {
                labels.add(alignment[t]);
            }
        }
        return labels;
    }

    /** The sum of the probabilities of all alignments that spell the labels. */
    private static double probability(Tensor logProbs, int steps, List<Integer> labels) {
        int classes = logProbs.shape().dim(2);
        double sum = 0;
        for (int code = 0; code < Math.pow(classes, steps); code++) {
            int[] alignment = new int[steps];
            double logP = 0;
            for (int t = 0, rest = code; t < steps; t++, rest /= classes) {
                alignment[t] = rest % classes;
                logP += logProbs.data().get(t, 0, alignment[t]);
            }
            sum += read(alignment).equals(labels) ? Math.exp(logP) : 0;
        }
        return sum;
    }

    @Test
    void theLossIsTheSumOverAllAlignments() {
        Tensor x = logProbs(5, 1, 3);
        for (int[] labels : new int[][] {{1}, {1, 2}, {1, 1}, {2, 1, 2}, {2, 2, 1}, {}}) {
            List<Integer> wanted = Arrays.stream(labels).boxed().toList();
            Tensor loss = EACH.forward(x, ints(labels), ints(5), ints(labels.length));
            double expected = -Math.log(probability(x, 5, wanted));
            assertThat(loss.item()).isCloseTo(expected, within(1e-12));
            assertThat(new CTC()
                            .forward(x, ints(labels), ints(5), ints(labels.length))
                            .item())
                    .as("the mean, each loss divided by the number of labels, or by 1")
                    .isCloseTo(expected / Math.max(1, labels.length), within(1e-12));
            int[] others = Arrays.stream(labels).map(label -> 2 - label).toArray();
            assertThat(EACH.blank(2)
                            .forward(x.flip(2), ints(others), ints(5), ints(labels.length))
                            .item())
                    .as("the same with the classes in the opposite order")
                    .isEqualTo(loss.item());
        }
    }

    @Test
    void aPassThatIsRecordedHasTheSameGradient() {
        Tensor x = logProbs(6, 5, 4);
        Tensor targets = ints(1, 2, 2, 2, 3, 1, 1, 1, 2);
        Tensor steps = ints(6, 5, 0, 2, 6);
        Tensor counts = ints(3, 0, 0, 3, 3);
        for (CTC loss : List.of(EACH, EACH.zeroInfinity(), new CTC().zeroInfinity(), new CTC())) {
            Tensor value = loss.forward(x, targets, steps, counts);
            Tensor weights = value.shape().rank() == 0 ? Tensor.scalar(2) : Tensor.of(1, 2, 3, 4, 5);
            double[] fused =
                    Autograd.grad(value, weights, GraphMode.KEEP, x).data().toDoubleArray();
            double[] composed =
                    Autograd.grad(value, weights, GraphMode.CREATE, x).data().toDoubleArray();
            assertThat(fused).usingComparatorWithPrecision(1e-12).containsExactly(composed);
        }
    }

    @Test
    void tooFewStepsCostInfinityAndHaveNoGradient() {
        Tensor x = logProbs(2, 1, 3);
        Tensor loss = EACH.forward(x, ints(1, 1), ints(2), ints(2));
        assertThat(loss.item()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Autograd.grad(loss.sum(), x).data().toDoubleArray()).containsOnly(0);
        assertThat(EACH.zeroInfinity().forward(x, ints(1, 1), ints(2), ints(2)).item())
                .isZero();
    }

    @Test
    void longSequencesDoNotUnderflow() {
        Tensor x = logProbs(2000, 1, 50).to(DType.FLOAT32).detach().requiresGrad(true);
        Tensor loss = new CTC().reduction(Reduction.SUM).forward(x, ints(7, 8, 8, 9), ints(2000), ints(4));
        assertThat(loss.item()).isBetween(5000.0, 20000.0);
        // Every alignment has one class at each step, so the gradients of a step add up to −1.
        double[] sums = Autograd.grad(loss, x).sum(1, 2).data().toDoubleArray();
        assertThat(sums).usingComparatorWithPrecision(1e-5).containsOnly(-1);
    }

    @Test
    void wrongUseIsRefused() {
        Tensor x = logProbs(4, 2, 3);
        Tensor targets = Tensor.of(new int[][] {{1, 2}, {2, 1}});
        Tensor four = ints(4, 4);
        Tensor two = ints(2, 2);
        thrown(ShapeException.class, () -> EACH.forward(x.sum(), targets, four, two))
                .withMessage("CTC: expected log-probabilities [T, N, C] or [T, C], got []");
        thrown(DTypeException.class, () -> EACH.forward(x, targets.to(DType.FLOAT64), four, two))
                .withMessage("CTC: the targets [2, 2] must be INT32, but are FLOAT64; convert them with to(INT32)");
        thrown(DTypeException.class, () -> EACH.forward(x, targets, four.to(DType.FLOAT32), two))
                .withMessage("CTC: the input lengths [2] must be INT32, but are FLOAT32; convert them with to(INT32)");
        thrown(DTypeException.class, () -> EACH.forward(x, targets, four, two.to(DType.FLOAT64)))
                .withMessage("CTC: the target lengths [2] must be INT32, but are FLOAT64; convert them with to(INT32)");
        assertThatThrownBy(() -> EACH.forward(x, targets, ints(4), two))
                .hasMessage("CTC: the input lengths of 2 sequences are [2], got [1]");
        assertThatThrownBy(() -> EACH.forward(x, targets, ints(4, 5), two))
                .hasMessage(
                        "CTC: the input lengths must be between 0 and 4, the steps there are, but that of sequence 1"
                                + " is 5");
        assertThatThrownBy(() -> EACH.forward(x, targets, ints(-1, 4), two))
                .hasMessageContaining("the input lengths must be between 0 and 4")
                .hasMessageEndingWith("but that of sequence 0 is -1");
        assertThatThrownBy(() -> EACH.forward(x, targets, four, ints(2, 3)))
                .hasMessageContaining("the target lengths must be between 0 and 2, the labels there are");
        assertThatThrownBy(() -> EACH.forward(x, ints(1, 2, 1), four, two))
                .hasMessage("CTC: the target lengths add up to 4, but the targets are [3]");
        assertThatThrownBy(() -> EACH.forward(x, Tensor.of(new int[][] {{1, 2}}), four, two))
                .hasMessage("CTC: targets of 2 sequences are [2, S], or [sum of lengths]; got [1, 2]");
        Tensor row = targets.slice(0, 0, 1);
        assertThatThrownBy(() -> EACH.forward(x.select(1, 0), row, ints(4).squeeze(0), ints(2).squeeze(0)))
                .hasMessage("CTC: targets of 1 sequences are [S]; got [1, 2]");
        for (int label : new int[] {0, -1, 3}) {
            assertThatThrownBy(() -> EACH.forward(x, Tensor.of(new int[][] {{1, 2}, {2, label}}), four, two))
                    .hasMessage("CTC: label " + label
                            + " at [1, 1] of the targets must be between 0 and 2, and not the blank 0");
        }
        assertThatThrownBy(() -> EACH.blank(3).forward(x, targets, four, two))
                .hasMessage("CTC: the blank 3 is out of range for 3 classes");
        assertThatThrownBy(() -> new CTC().blank(-1)).hasMessageContaining("the blank must be a class index, got -1");
    }
}
