package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;

/** The measurements of a parameter in a training that a {@link Doctor} watches. */
final class Vital {
    /** The number of steps that a judgement is based on. */
    static final int WINDOW = 20;

    private final String path;
    private final Tensor leaf;
    /** The elements when they were last looked at, and the moment of the last change before that. */
    private NdArray before;

    private long looked;
    private long passes;
    private long gradients;
    private long updates;
    private int stepsWithout;
    private double gradientNorm = Double.NaN;

    /** True if a gradient came since the last step of the training. */
    private boolean isFresh;

    private boolean isUpdated;
    /** True if the parameter was updated since the gradient that it keeps began. */
    private boolean isUsed;
    /** True if gradients were added to one that had been used. */
    private boolean isMixed;

    private int mixedUpdates;
    private long lastUpdate = Long.MIN_VALUE;
    private long updateBefore = Long.MIN_VALUE;

    private final double[] norms = new double[WINDOW];
    private final double[] ratios = new double[WINDOW];
    private double largestRatio;

    Vital(String path, Tensor leaf) {
        this.path = path;
        this.leaf = leaf;
        this.before = leaf.data().copy();
        this.looked = leaf.data().modified();
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

    /** Takes notice of a backward pass that reached the model. */
    void passed() {
        passes += leaf.requiresGrad() ? 1 : 0;
    }

    /** The number of passes that might have given a gradient. */
    long passes() {
        return passes;
    }

    void accumulated(Tensor self) {
        gradients++;
        isFresh = true;
        isMixed |= isUsed;
        Tensor gradient = self.grad();
        gradientNorm = gradient == null ? Double.NaN : norm(gradient.data());
    }

    /** Returns whether the elements are others than when they were last looked at; looking here changes nothing. */
    boolean differs() {
        return leaf.data().modified() != looked && !leaf.data().equals(before);
    }

    /**
     * Compares the elements with those of the last time. A change that no gradient came before, as by loading or averaging, is no update.
     *
     * @param since the moment of the last time, after which the change came
     * @return whether there was an update
     */
    boolean measureUpdate(long since) {
        isUpdated = false;
        if (differs()) {
            NdArray now = leaf.data();
            isUpdated = isFresh;
            if (isUpdated) {
                double ratio = norm(now.sub(before)) / Math.max(norm(before), usualNorm());
                ratios[(int) (updates % WINDOW)] = ratio;
                largestRatio = Math.max(largestRatio, ratio);
                norms[(int) (updates % WINDOW)] = gradientNorm;
                updates++;
                mixedUpdates = isMixed ? mixedUpdates + 1 : 0;
                updateBefore = lastUpdate;
                lastUpdate = since;
                stepsWithout = 0;
            }
            before = now.copy();
        }
        looked = leaf.data().modified();
        if (!keepsGradient()) {
            isUsed = false;
            isMixed = false;
        } else {
            isUsed |= isUpdated;
        }
        return isUpdated;
    }

    /** Takes notice of a step, which updated this parameter or others. */
    void stepped() {
        if (isFresh && !isUpdated && leaf.requiresGrad()) {
            stepsWithout++;
        }
        isFresh = false;
    }

    /** Returns whether there is an update that the next look will find. */
    boolean isUpdating() {
        return isFresh && differs();
    }

    /** Returns whether the last look found an update. */
    boolean isUpdated() {
        return isUpdated;
    }

    /** Returns whether there is a gradient that is not 0. */
    boolean keepsGradient() {
        Tensor gradient = leaf.grad();
        return gradient != null && norm(gradient.data()) > 0;
    }

    /** The number of updates in a row by gradients that were added to those of the update before. */
    int mixedUpdates() {
        return mixedUpdates;
    }

    /** The number of steps with a gradient that updated other parameters, but not this one. */
    int stepsWithout() {
        return stepsWithout;
    }

    /** A moment before the last but one update; the first of all moments if there were fewer. */
    long updateBefore() {
        return updateBefore;
    }

    /** The number of gradients that were accumulated. */
    long gradients() {
        return gradients;
    }

    /** The number of steps that changed the parameter. */
    long updates() {
        return updates;
    }

    /** The norm of the last gradient, in which all that were accumulated are; NaN if there was none. */
    double gradientNorm() {
        return gradientNorm;
    }

    /** The median norm of the gradients of the last steps. */
    double medianNorm() {
        return median(norms);
    }

    /** The median of |change| / |weight| of the last steps, a weight that is next to 0 being taken for a usual one. */
    double medianRatio() {
        return median(ratios);
    }

    /** The largest of |change| / |weight| of all steps. */
    double largestRatio() {
        return largestRatio;
    }

    /** The norm of the weight, or that of a usual one if it is less: what begins at 0 has no scale of its own. */
    double scale() {
        return Math.max(norm(leaf.data()), usualNorm());
    }

    /** Returns whether the weight is so near to 0 that next to nothing comes through it. */
    boolean isNearZero() {
        return norm(leaf.data()) < 0.01 * usualNorm();
    }

    /** The norm of a weight of U(−1/√fanIn, 1/√fanIn), what layers begin with: its rows have a mean square of 1/3 together. */
    private double usualNorm() {
        Shape shape = leaf.shape();
        int axis = 0;
        // Positions and the like have an axis of length 1 for the batch in front.
        while (shape.rank() - axis > 2 && shape.dim(axis) == 1) {
            axis++;
        }
        return isWeight() ? Math.sqrt(shape.dim(axis) / 3.0) : 0;
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
