package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Class indices that belong to scores of a given shape, checked, as the distributions that they stand for. */
final class ClassTargets {
    private final int[] indices;
    private final int ignored;
    private final double[] weights;
    private final Shape logits;
    /** The distance between neighbouring classes of one sample in the logits' row-major order. */
    private final int stride;

    /**
     * @param loss the loss's name, for messages
     * @param target the indices, of the logits' shape without the given axis
     * @throws ShapeException if the shape does not fit
     * @throws IllegalArgumentException if an index is out of range
     */
    ClassTargets(String loss, Shape logits, int axis, Tensor target, int ignored, double[] weights) {
        this.indices = target.data().toIntArray();
        this.ignored = ignored;
        this.weights = weights;
        this.logits = logits;
        Shape expected = logits.reduce(loss, false, axis);
        if (!target.shape().equals(expected)) {
            throw new ShapeException(loss + ": the prediction is " + logits + ", so class indices must be " + expected
                    + ", but the target is " + target.shape());
        }
        int inner = 1;
        for (int a = axis + 1; a < logits.rank(); a++) {
            inner *= logits.dim(a);
        }
        this.stride = inner;
        for (int sample = 0; sample < indices.length; sample++) {
            int index = indices[sample];
            if (index != ignored && (index < 0 || index >= weights.length)) {
                throw new IllegalArgumentException(loss + ": target " + index + " at "
                        + Arrays.toString(expected.unravelIndex(sample))
                        + " is out of range for " + weights.length + " classes; expected 0 to " + (weights.length - 1)
                        + ", or "
                        + ignored + " to ignore it");
            }
        }
    }

    /** The sum of the weights of those that are not ignored. */
    double usedWeight() {
        double sum = 0;
        for (int index : indices) {
            sum += index == ignored ? 0 : weights[index];
        }
        return sum;
    }

    /** {@code w·((1 − ε)·[c is the target] + ε/C)} for each sample and class c, in the order of the logits; 0 where ignored. */
    double[] distribution(double smoothing) {
        double[] q = new double[logits.size()];
        int classes = weights.length;
        for (int sample = 0; sample < indices.length; sample++) {
            int index = indices[sample];
            if (index == ignored) {
                continue;
            }
            int first = sample / stride * classes * stride + sample % stride;
            for (int c = 0; c < classes && smoothing > 0; c++) {
                q[first + c * stride] = weights[c] * smoothing / classes;
            }
            q[first + index * stride] += weights[index] * (1 - smoothing);
        }
        return q;
    }

    /**
     * A weight for each class, ones unless they are given.
     *
     * @throws ShapeException if there are more or fewer
     */
    static double[] weights(String loss, int classes, double @Nullable [] given) {
        if (given == null) {
            double[] ones = new double[classes];
            Arrays.fill(ones, 1);
            return ones;
        }
        if (given.length != classes) {
            throw new ShapeException(
                    loss + ": got " + given.length + " class weights for predictions of " + classes + " classes");
        }
        return given;
    }

    /** {@code −q·log p}, which is 0 for q = 0 even if p is: a class that is ruled out by a logit of −∞ costs nothing. */
    static void term(double[] logP, int i, double[] q, int j, double[] out, int k, int n) {
        for (int e = 0; e < n; e++) {
            out[k + e] = q[j + e] == 0 ? 0 : -q[j + e] * logP[i + e];
        }
    }
}
