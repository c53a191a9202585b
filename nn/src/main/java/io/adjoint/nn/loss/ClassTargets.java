package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checked class indices, one for each position of the scores without the class axis, and a weight for each. */
final class ClassTargets {
    /** The indices; 0 where the target is ignored. */
    final int[] indices;
    /** The weights of the targets' classes; 0 where the target is ignored. */
    final double[] weights;

    private final double[] used;
    private final Shape shape;
    private final DType dtype;

    /**
     * Checks the indices.
     *
     * @param loss the loss's name, for messages
     * @param scores the predictions, with a score for each class along the axis
     * @param target the class indices; their shape is the scores' shape without the class axis
     * @param ignored the index of ignored targets; null if there is none
     * @throws DTypeException if the indices are not INT32
     * @throws ShapeException if the shapes of scores and target don't match
     * @throws IllegalArgumentException if an index is out of range
     */
    ClassTargets(
            String loss, Tensor scores, int axis, Tensor target, @Nullable Integer ignored, List<Double> classWeights) {
        int classes = scores.shape().dim(axis);
        this.shape = scores.shape().reduce(loss, Dims.DROP, axis);
        this.dtype = scores.dtype();
        if (target.dtype() != DType.INT32) {
            throw new DTypeException(loss + ": class indices are INT32, but the target " + target.shape() + " is "
                    + target.dtype() + "; convert it with to(INT32)");
        }
        if (!target.shape().equals(shape)) {
            throw new ShapeException(loss + ": the prediction is " + scores.shape() + ", so class indices must be "
                    + shape + ", but the target is " + target.shape());
        }
        requireWeightForEach(loss, classes, classWeights);
        this.indices = target.data().toIntArray();
        this.weights = new double[indices.length];
        this.used = new double[indices.length];
        for (int k = 0; k < indices.length; k++) {
            int index = indices[k];
            if (ignored != null && index == ignored) {
                indices[k] = 0;
            } else if (index < 0 || index >= classes) {
                throw new IllegalArgumentException(loss + ": target " + index + " at "
                        + Arrays.toString(shape.unravelIndex(k)) + " is out of range for " + classes
                        + " classes; expected 0 to " + (classes - 1)
                        + (ignored == null ? "" : ", or " + ignored + " to ignore it"));
            } else {
                weights[k] = classWeights.isEmpty() ? 1 : classWeights.get(index);
                used[k] = 1;
            }
        }
    }

    private ClassTargets(ClassTargets other, double... weights) {
        this.indices = other.indices;
        this.weights = weights;
        this.used = other.used;
        this.shape = other.shape;
        this.dtype = other.dtype;
    }

    /**
     * The axis of the classes in scores {@code [N, C, d…]} or {@code [C]}: 1 or 0.
     *
     * @param what the words for the scores in messages
     * @throws ShapeException if the scores are a scalar, or the target has their shape
     * @throws DTypeException if the scores are not floating
     */
    static int axisOfClasses(String loss, String what, Tensor scores, Tensor target) {
        Shape shape = scores.shape();
        if (shape.rank() == 0) {
            throw new ShapeException(loss + ": expected " + what + " [N, C, ...], got a scalar");
        }
        scores.dtype().requireFloating(loss);
        int axis = shape.rank() == 1 ? 0 : 1;
        if (target.shape().equals(shape)) {
            throw new ShapeException(loss + ": the prediction is " + shape + ", so class indices must be "
                    + shape.reduce(loss, Dims.DROP, axis)
                    + ", but the target is of the prediction's shape; of one-hot rows,"
                    + " pass argMax(" + axis + ")");
        }
        return axis;
    }

    /** A copy of class weights, which must be finite and not negative. */
    static List<Double> weights(Class<?> loss, List<Double> weights) {
        for (int k = 0; k < weights.size(); k++) {
            Settings.requireNotNegative(loss, "weight of class " + k, weights.get(k));
        }
        return List.copyOf(weights);
    }

    /**
     * Checks that there is a weight for each class, unless there are no weights.
     *
     * @throws ShapeException if there are more or fewer weights than classes
     */
    static void requireWeightForEach(String loss, int classes, List<Double> weights) {
        if (!weights.isEmpty() && weights.size() != classes) {
            throw new ShapeException(
                    loss + ": got " + weights.size() + " class weights for predictions of " + classes + " classes");
        }
    }

    /** A copy of these targets in which all weights are 1, except weights of 0, which stay 0. */
    ClassTargets unweighted() {
        return new ClassTargets(
                this, Arrays.stream(weights).map(w -> w == 0 ? 0 : 1).toArray());
    }

    /** The sum of the weights. */
    double totalWeight() {
        return Tensor.of(weights).sum().item();
    }

    /** {@code −w·logP} of each target's class; 0 for a target of weight 0, even if its score is infinite. */
    Tensor negativeLogLikelihood(Tensor logP, int axis) {
        Tensor weight = weight();
        Tensor index = index().unsqueeze(axis);
        NdArray value = logP.data()
                .gather(axis, index.data())
                .reshape(shape)
                .zip(weight.data(), (picked, w) -> w == 0 ? 0 : -w * picked);
        return op("NLL", value, edge(logP, g -> {
            Tensor ofClass = Tensor.where(weight.ne(0), g.mul(weight.neg()), 0).unsqueeze(axis);
            // Each position has one index along the axis, so this backward rule can scatter; the general backward rule
            // of gather has to add up repeated indices.
            return Tensor.zeros(dtype).broadcastTo(logP.shape()).scatter(axis, index, ofClass);
        }));
    }

    /** The indices as an INT32 tensor; 0 where the target is ignored. */
    Tensor index() {
        return Tensor.of(NdArray.of(shape, indices));
    }

    /**
     * The targets after label smoothing: a fraction of each target is spread over all classes, and each class's part is multiplied by the
     * class's weight.
     *
     * @param spread the fraction that each class gets of every target that is not ignored; empty for none
     */
    SmoothedClasses smoothed(double fraction, double[] spread) {
        double[] hit = Arrays.stream(weights).map(w -> (1 - fraction) * w).toArray();
        return new SmoothedClasses(indices, hit, used, spread);
    }

    /** A tensor in the scores' dtype that is 1 where a target is not ignored, else 0. */
    Tensor isUsed() {
        return Tensor.of(NdArray.of(shape, used).to(dtype));
    }

    /** The targets' weights as a tensor in the scores' dtype. */
    Tensor weight() {
        return Tensor.of(NdArray.of(shape, weights).to(dtype));
    }
}
