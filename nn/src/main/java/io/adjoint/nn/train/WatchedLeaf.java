package io.adjoint.nn.train;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;

/** The measurements of a parameter in a training that a {@link Doctor} watches. */
final class WatchedLeaf {
    /** The number of updates over which medians are taken. */
    static final int WINDOW = 20;

    final String path;
    final Tensor leaf;
    /** The number of backward passes while the parameter was not frozen. */
    long passes;
    /** The number of backward passes that added to the gradient. */
    long gradients;
    /** The norm of the gradient after the last backward pass that added to it; NaN if no pass did. */
    double gradientNorm = Double.NaN;
    /** The number of steps that changed the parameter. */
    long updates;
    /** The number of steps that left this parameter unchanged although it had a new gradient. */
    int stepsWithout;
    /** True if the last {@link #measureUpdate} found an update. */
    boolean isUpdated;
    /**
     * The number of consecutive updates, up to the last one, whose gradients were added to the gradients of the update before instead of to
     * cleared gradients.
     */
    int mixedUpdates;
    /**
     * A logical time shortly before the second-to-last update: the time of the call of {@link #measureUpdate} before the call that found
     * this update; {@link Long#MIN_VALUE} if there were fewer than two updates.
     */
    long updateBefore = Long.MIN_VALUE;
    /** The largest ‖change‖ / max(‖parameter before the update‖, {@link #usualNorm}) of all updates. */
    double largestRatio;

    /**
     * The copy of the parameter's elements that the last {@link #measureUpdate} made; {@link #looked} is the logical time of the elements'
     * last change before that call.
     */
    private NdArray before;

    private long looked;
    private long lastUpdate = Long.MIN_VALUE;
    /** True if a gradient was accumulated since the last step of the training. */
    private boolean isFresh;
    /** True if the present gradient has updated the parameter and was not cleared since. */
    private boolean isUsed;
    /** True if a backward pass added to a gradient that had already updated the parameter. */
    private boolean isMixed;

    private final double[] norms = new double[WINDOW];
    private final double[] ratios = new double[WINDOW];

    WatchedLeaf(String path, Tensor leaf) {
        this.path = path;
        this.leaf = leaf;
        this.before = leaf.data().copy();
        this.looked = ArrayElements.modified(leaf.data());
    }

    /** Returns whether the parameter has at least 2 axes, as weights have, unlike biases and scales. */
    boolean isWeight() {
        return leaf.shape().rank() >= 2;
    }

    /** Counts a backward pass that reached the model. */
    void passed() {
        passes += leaf.requiresGrad() ? 1 : 0;
    }

    void accumulated(Tensor self) {
        gradients++;
        isFresh = true;
        isMixed |= isUsed;
        Tensor gradient = self.grad();
        gradientNorm = gradient == null ? Double.NaN : norm(gradient.data());
    }

    /** Returns whether the elements have changed since {@link #measureUpdate} was called last. */
    boolean differs() {
        return ArrayElements.modified(leaf.data()) != looked && !leaf.data().equals(before);
    }

    /**
     * Compares the parameter's elements with the copy that the last call made of them, and measures their change. A change does not count
     * as an update if no gradient was accumulated before it, as when weights are loaded or averaged.
     *
     * @param since the logical time of the last call; the change was made after that call
     * @return whether there was an update
     */
    @CanIgnoreReturnValue
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
        looked = ArrayElements.modified(leaf.data());
        if (!keepsGradient()) {
            isUsed = false;
            isMixed = false;
        } else {
            isUsed |= isUpdated;
        }
        return isUpdated;
    }

    /** Notes an optimizer step; {@link #stepsWithout} counts it if this parameter had a new gradient and was not updated. */
    void stepped() {
        if (isFresh && !isUpdated && leaf.requiresGrad()) {
            stepsWithout++;
        }
        isFresh = false;
    }

    /** Returns whether there is an update that the next {@link #measureUpdate} will find. */
    boolean isUpdating() {
        return isFresh && differs();
    }

    /** Returns whether the parameter has a gradient other than 0. */
    boolean keepsGradient() {
        Tensor gradient = leaf.grad();
        return gradient != null && norm(gradient.data()) > 0;
    }

    /** The median norm of the gradients of the last {@link #WINDOW} updates. */
    double medianNorm() {
        return median(norms);
    }

    /** The median over the last {@link #WINDOW} updates of ‖change‖ / max(‖parameter before the update‖, {@link #usualNorm}). */
    double medianRatio() {
        return median(ratios);
    }

    /** The norm of the weight, at least {@link #usualNorm}: a weight initialized with 0 has no scale of its own. */
    double scale() {
        return Math.max(norm(leaf.data()), usualNorm());
    }

    /** Returns whether the weight is so near to 0 that almost no gradient passes through it. */
    boolean isNearZero() {
        return norm(leaf.data()) < 0.01 * usualNorm();
    }

    /**
     * The usual norm of a weight drawn from U(−1/√fanIn, 1/√fanIn), the default initialization: the squares of the fanIn elements of a row
     * have the expected sum 1/3. For a parameter that is not a weight, the result is 0.
     */
    private double usualNorm() {
        Shape shape = leaf.shape();
        int axis = 0;
        // Leading axes of size 1 are skipped: for example, position embeddings have a batch axis of size 1.
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
        return x.size() == 0 ? 0 : x.vectorNorm(2).item();
    }
}
