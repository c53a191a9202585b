package io.adjoint.proof;

import static io.adjoint.proof.Entry.entry;
import static io.adjoint.proof.Places.ranges;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.FocalCrossEntropy;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.NLL;
import io.adjoint.testkit.Reference;
import io.adjoint.testkit.Values;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import net.jqwik.api.Arbitrary;

/** The entries of {@link LossFamily} for losses of class indices. */
final class ClassLosses {
    private static final double[] WEIGHTS = {1, 0.5, 2};

    private ClassLosses() {}

    /**
     * Computes the cross entropy by its definition: the sum over classes of the class's weight times the smoothed target times −log p,
     * reduced.
     */
    private static NdArray classLoss(NdArray scores, boolean logits, NdArray target, double smoothing, int... choice) {
        Shape samples = target.shape();
        double[] used = {0};
        NdArray losses = Reference.build(samples, at -> {
            int wanted = (int) target.get(at);
            if (choice[2] == 1 && wanted == 1) {
                return 0;
            }
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                sum += Math.exp(scores.get(withClass(c, at)));
            }
            double loss = 0;
            for (int c = 0; c < 3; c++) {
                double q = (c == wanted ? 1 - smoothing : 0) + smoothing / 3;
                double logP = scores.get(withClass(c, at)) - (logits ? Math.log(sum) : 0);
                loss -= weight(choice[1], c) * q * logP;
            }
            used[0] += weight(choice[1], wanted);
            return loss;
        });
        double sum = Arrays.stream(losses.toDoubleArray()).sum();
        return switch (choice[0]) {
            case 0 -> losses;
            case 1 -> NdArray.scalar(DType.FLOAT64, sum);
            default -> NdArray.scalar(DType.FLOAT64, sum / used[0]);
        };
    }

    private static double weight(int choice, int c) {
        return choice == 1 ? WEIGHTS[c] : 1;
    }

    private static int[] withClass(int c, int... sample) {
        int[] index = new int[sample.length + 1];
        index[0] = sample[0];
        index[1] = c;
        System.arraycopy(sample, 1, index, 2, sample.length - 1);
        return index;
    }

    /**
     * Draws the reduction, whether classes have weights, and whether targets of class 1 are ignored. They are not ignored with the
     * reduction to the mean, which would be NaN if all targets were ignored.
     */
    private static Arbitrary<int[]> classChoices() {
        return ranges(0, 2, 0, 1, 0, 1).map(choice -> new int[] {choice[0], choice[1], choice[0] == 2 ? 0 : choice[2]});
    }

    private static CrossEntropy crossEntropy(double smoothing, int... choice) {
        CrossEntropy loss =
                new CrossEntropy().reduction(LossFamily.reduction(choice)).labelSmoothing(smoothing);
        CrossEntropy weighted = choice[1] == 1 ? loss.classWeights(WEIGHTS) : loss;
        return choice[2] == 1 ? weighted.ignoreIndex(1) : weighted;
    }

    private static NLL nll(int... choice) {
        NLL loss = new NLL().reduction(LossFamily.reduction(choice));
        NLL weighted = choice[1] == 1 ? loss.classWeights(WEIGHTS) : loss;
        return choice[2] == 1 ? weighted.ignoreIndex(1) : weighted;
    }

    private static FocalCrossEntropy focal(double gamma, int... choice) {
        FocalCrossEntropy loss = new FocalCrossEntropy().gamma(gamma).reduction(LossFamily.reduction(choice));
        FocalCrossEntropy weighted = choice[1] == 1 ? loss.classWeights(WEIGHTS) : loss;
        return choice[2] == 1 ? weighted.ignoreIndex(1) : weighted;
    }

    /** The cross entropy −log p of each target times (1 − p)^γ and the weight of its class, reduced. */
    private static NdArray focalLoss(NdArray scores, NdArray target, double gamma, int... choice) {
        NdArray entropies = classLoss(scores, true, target, 0, 0, 0, choice[2]);
        double[] used = {0};
        NdArray losses = Reference.build(target.shape(), at -> {
            double weight = weight(choice[1], (int) target.get(at));
            used[0] += weight;
            double entropy = entropies.get(at);
            return weight * entropy * Math.pow(1 - Math.exp(-entropy), gamma);
        });
        return choice[0] == 2
                ? NdArray.scalar(DType.FLOAT64, losses.sum().item() / used[0])
                : LossFamily.reduced(choice[0], losses);
    }

    private static Entry classes(
            String name, Loss loss, BiFunction<Tensor[], int[], Tensor> function, Reference expected) {
        String type = loss.getClass().getSimpleName();
        Tensor tooMany = Tensor.of(new int[] {0, 1, 2});
        return entry(name, function)
                .shapes("(n,3,d?),(n,d?)")
                .arguments(shapes -> classChoices())
                .within(Values.between(-3, 3), Values.integers(0, 2))
                .reference(expected)
                .order(2)
                .fails(
                        "a class too many",
                        x -> loss.forward(x, Tensor.of(new int[] {0, 3})),
                        type + " … target 3 … 0 to 2")
                .fails("a target of another shape", x -> loss.forward(x, tooMany), type + " … [2, 3] … [2] … [3]")
                .fails(
                        "a target that is not INT32",
                        x -> loss.forward(x, Tensor.of(0, 1)),
                        type + " … INT32 … FLOAT64 … to(INT32)");
    }

    static List<Entry> entries() {
        return List.of(
                classes(
                        "CrossEntropy",
                        new CrossEntropy(),
                        (t, choice) -> crossEntropy(0, choice).forward(t[0], t[1]),
                        (in, choice) -> classLoss(in[0], true, in[1], 0, choice)),
                classes(
                        "CrossEntropy smoothed",
                        new CrossEntropy().labelSmoothing(0.25),
                        (t, choice) -> crossEntropy(0.25, choice).forward(t[0], t[1]),
                        (in, choice) -> classLoss(in[0], true, in[1], 0.25, choice)),
                entry(
                                "CrossEntropy of probabilities",
                                (t, choice) -> new CrossEntropy()
                                        .reduction(LossFamily.reduction(choice))
                                        .labelSmoothing(0.25)
                                        .classWeights(WEIGHTS)
                                        .forward(t[0], t[1]))
                        .shapes("(n,3,d?),(n,3,d?)")
                        .arguments(shapes -> ranges(0, 2))
                        .within(Values.between(-3, 3), Values.between(0, 1))
                        .reference((in, choice) -> LossFamily.reduced(choice[0], softLosses(in[0], in[1])))
                        .order(2)
                        .rejects(LossFamily.ofPairs(new CrossEntropy())),
                classes(
                        "NLL",
                        new NLL(),
                        (t, choice) -> nll(choice).forward(t[0], t[1]),
                        (in, choice) -> classLoss(in[0], false, in[1], 0, choice)),
                classes(
                        "FocalCrossEntropy",
                        new FocalCrossEntropy(),
                        (t, choice) -> focal(2, choice).forward(t[0], t[1]),
                        (in, choice) -> focalLoss(in[0], in[1], 2, choice)),
                classes(
                        "FocalCrossEntropy of another gamma",
                        new FocalCrossEntropy().gamma(0.5),
                        (t, choice) -> focal(0.5, choice).forward(t[0], t[1]),
                        (in, choice) -> focalLoss(in[0], in[1], 0.5, choice)));
    }

    private static NdArray softLosses(NdArray x, NdArray target) {
        Shape samples = x.shape().reduce("reference", Dims.DROP, 1);
        return Reference.build(samples, at -> {
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                sum += Math.exp(x.get(withClass(c, at)));
            }
            double loss = 0;
            for (int c = 0; c < 3; c++) {
                double q = WEIGHTS[c] * (0.75 * target.get(withClass(c, at)) + 0.25 / 3);
                loss -= q * (x.get(withClass(c, at)) - Math.log(sum));
            }
            return loss;
        });
    }
}
