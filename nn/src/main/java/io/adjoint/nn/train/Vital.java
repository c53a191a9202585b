package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.Arrays;

/** The measurements of a parameter in a training that a {@link Doctor} watches. */
final class Vital {
    /** The number of steps that a judgement is based on. */
    static final int WINDOW = 20;

    private final String path;
    private final Tensor leaf;
    private NdArray before;
    private long gradients;
    private long updates;
    private boolean isStale;
    private double gradientNorm = Double.NaN;

    private final double[] norms = new double[WINDOW];
    private final double[] ratios = new double[WINDOW];

    Vital(String path, Tensor leaf) {
        this.path = path;
        this.leaf = leaf;
        this.before = leaf.data().copy();
    }

    String path() {
        return path;
    }

    Tensor leaf() {
        return leaf;
    }

    /** Returns whether this is a matrix or more, as weights are and biases and scales are not. */
    boolean isWeight() {
        return leaf.shape().rank() >= 2;
    }

    void accumulated(Tensor self) {
        gradients++;
        Tensor gradient = self.grad();
        gradientNorm = gradient == null ? Double.NaN : norm(gradient.data());
    }

    /** Compares the elements with those of the last time; returns whether a step was made. */
    boolean measureUpdate() {
        NdArray now = leaf.data();
        boolean changed = !now.equals(before);
        if (changed) {
            ratios[(int) (updates % WINDOW)] = norm(now.sub(before)) / norm(before);
            norms[(int) (updates % WINDOW)] = gradientNorm;
            updates++;
            before = now.copy();
        }
        // The gradient of a step that was made is not to be there any more when the next pass begins.
        Tensor gradient = leaf.grad();
        isStale = changed && gradient != null && norm(gradient.data()) > 0;
        return changed;
    }

    /** Returns whether the gradient of the last step is still there. */
    boolean isStale() {
        return isStale;
    }

    /** The number of gradients that were accumulated. */
    long gradients() {
        return gradients;
    }

    /** The number of steps that changed the parameter. */
    long updates() {
        return updates;
    }

    /** The norm of the last gradient; NaN if there was none. */
    double gradientNorm() {
        return gradientNorm;
    }

    /** The median norm of the gradients of the last steps. */
    double medianNorm() {
        return median(norms);
    }

    /** The median of |change| / |weight| of the last steps. */
    double medianRatio() {
        return median(ratios);
    }

    /** The largest of |change| / |weight| of the last steps. */
    double largestRatio() {
        return Arrays.stream(ratios).max().orElse(0);
    }

    double weightNorm() {
        return norm(leaf.data());
    }

    private static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[WINDOW / 2];
    }

    private static double norm(NdArray x) {
        return x.size() == 0 ? 0 : x.vectorNorm(2, false).item();
    }
}
