package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Runs a function several times for {@link GradCheck}: results must be the same, inputs and earlier results unchanged. */
final class RepeatedRuns {
    /** The relative tolerance between sums of the same terms in different orders. */
    private static final double SUM_TOLERANCE = 5e-10;

    /**
     * The largest number of inputs for which each gradient is also computed alone, in a pass for each input. Functions with more inputs are
     * models, not single operations whose backward rules are under test.
     */
    private static final int MOST_ALONE = 8;

    private static final String IS_WANTED =
            "; a backward rule that asks isWanted must ask it of the input whose gradient it is about to compute";

    private RepeatedRuns() {}

    /**
     * Compares two runs of a function. The second run has −2 times the upstream gradient, and must give exactly −2 times the gradients. If
     * both runs share a buffer, the second run changes the results of the first.
     *
     * @throws AssertionError if results differ or an input changed, with a message about the change
     */
    static void requireSame(Function<Tensor[], Tensor> function, Tensor[] leaves, Tensor upstream) {
        List<NdArray> inputs = copies(leaves);
        Tensor value = function.apply(leaves);
        NdArray valueBefore = copies(value).get(0);
        Tensor[] first = GradCheck.gradients(value, upstream, GraphMode.FREE, leaves);
        List<NdArray> kept = copies(first);
        Tensor opposite = upstream.detach().mul(-2);
        NdArray oppositeBefore = copies(opposite).get(0);
        Tensor[] second = GradCheck.gradients(function.apply(leaves), opposite, GraphMode.FREE, leaves);
        Tensor unrecorded = Autograd.noGrad(
                () -> function.apply(Arrays.stream(leaves).map(Tensor::detach).toArray(Tensor[]::new)));

        for (int k = 0; k < leaves.length; k++) {
            requireEqual("input " + k + " after two runs", leaves[k], "before", inputs.get(k));
        }
        requireEqual("the upstream gradient after the backward pass", opposite, "before", oppositeBefore);
        requireEqual("the value without recording", unrecorded, "recorded", valueBefore);
        for (int k = 0; k < leaves.length; k++) {
            String gradient = "the gradient of input " + k;
            requireEqual(gradient + " of a second run", second[k].detach().mul(-0.5), "of the first", kept.get(k));
            requireEqual(gradient + " after a second run", first[k], "before", kept.get(k));
        }
        requireSameSum(function, leaves, upstream, kept);
        if (leaves.length > 1 && leaves.length <= MOST_ALONE) {
            requireSameAlone(function, leaves, upstream, kept);
        }
    }

    /**
     * Computes the gradient of each input alone, and compares this gradient with the gradients of all inputs together. The comparison finds
     * a backward rule that asks {@link Autograd#isWanted} about the wrong input.
     */
    private static void requireSameAlone(
            Function<Tensor[], Tensor> function, Tensor[] leaves, Tensor upstream, List<NdArray> together) {
        Tensor value = function.apply(leaves);
        for (int k = 0; k < leaves.length; k++) {
            String what = "the gradient of input " + k + " asked for alone";
            Tensor alone;
            try {
                alone = GradCheck.gradients(value, upstream, GraphMode.KEEP, leaves[k])[0];
            } catch (RuntimeException failure) {
                throw new AssertionError(
                        "GradCheck: " + what + " fails, while that of all inputs does not" + IS_WANTED, failure);
            }
            requireNear(
                    what, alone, "among those of all inputs", together.get(k), rounding(together.get(k)), IS_WANTED);
        }
    }

    /**
     * Requires that the gradient of {@code f(x) + f(x)} is twice the gradient of {@code f(x)}. Each input receives two gradients, so an
     * adder of {@link Edge#adding} adds the second gradient to the first gradient.
     */
    private static void requireSameSum(
            Function<Tensor[], Tensor> function, Tensor[] leaves, Tensor upstream, List<NdArray> once) {
        Tensor both = function.apply(leaves).add(function.apply(leaves));
        Tensor[] sums = GradCheck.gradients(both, upstream, GraphMode.FREE, leaves);
        for (int k = 0; k < leaves.length; k++) {
            NdArray twice = once.get(k).mul(2);
            requireNear(
                    "the gradient of input " + k + " for f(x) + f(x)",
                    sums[k],
                    "twice that for f(x)",
                    twice,
                    rounding(twice),
                    "; an adder of Edge.adding must add what its backward rule returns");
        }
    }

    private static List<NdArray> copies(Tensor... tensors) {
        return Arrays.stream(tensors)
                .map(tensor -> tensor.detach().data().copy())
                .toList();
    }

    private static double rounding(NdArray sum) {
        return SUM_TOLERANCE
                * Arrays.stream(sum.toDoubleArray()).map(Math::abs).max().orElse(0);
    }

    /** Requires equal numbers, except for signs of zeros and rounding of subnormal numbers. */
    private static void requireEqual(String what, Tensor actual, String other, NdArray expected) {
        requireNear(what, actual, other, expected, Double.MIN_NORMAL, "");
    }

    private static void requireNear(
            String what, Tensor actual, String other, NdArray expected, double atol, String advice) {
        double[] a = actual.detach().data().toDoubleArray();
        double[] b = expected.toDoubleArray();
        for (int e = 0; e < Math.max(a.length, b.length); e++) {
            if (a.length != b.length || (Double.compare(a[e], b[e]) != 0 && !(Math.abs(a[e] - b[e]) <= atol))) {
                throw new AssertionError("GradCheck: " + what + " is "
                        + actual.detach().data() + ", but " + other + " " + expected + advice);
            }
        }
    }
}
