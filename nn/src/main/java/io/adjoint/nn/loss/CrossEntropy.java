package io.adjoint.nn.loss;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.LibraryOps;
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
import java.util.stream.DoubleStream;

/**
 * The cross entropy {@code −Σ q·log softmax(x)} between the softmax of logits x and the target distribution q.
 *
 * <p>Shapes: logits {@code [N, C, d…]}, or {@code [C]} for one sample, with C classes. The target is either INT32 class indices {@code [N,
 * d…]}, or probabilities of the logits' shape and dtype. The losses are {@code [N, d…]}, reduced to their mean by default. With class
 * indices the mean is the sum of the losses divided by the sum of the weights of the target classes (NaN, with gradient 0, if all targets
 * are ignored); with probabilities it is the sum divided by the number of losses. Immutable: each setting returns a changed copy.
 */
@CheckReturnValue
public final class CrossEntropy extends ClassLoss<CrossEntropy> {
    private final double labelSmoothing;

    /** The mean, ignoring −100, without smoothing or weights. */
    public CrossEntropy() {
        this.labelSmoothing = 0;
    }

    private CrossEntropy(Reduction reduction, int ignoreIndex, List<Double> classWeights, double labelSmoothing) {
        super(reduction, ignoreIndex, classWeights);
        this.labelSmoothing = labelSmoothing;
    }

    @Override
    CrossEntropy with(Reduction newReduction, int newIgnoreIndex, List<Double> newClassWeights) {
        return new CrossEntropy(newReduction, newIgnoreIndex, newClassWeights, labelSmoothing);
    }

    /**
     * With a fraction ε of each target spread evenly over all classes: {@code q = (1 − ε)·target + ε/C}; the default is 0.
     *
     * @throws IllegalArgumentException if ε is not between 0 and 1
     */
    public CrossEntropy labelSmoothing(double value) {
        Settings.requireFraction(CrossEntropy.class, "label smoothing", value);
        return new CrossEntropy(reduction, ignoreIndex, classWeights, value);
    }

    /**
     * The cross entropy of the softmax of the logits relative to the target.
     *
     * @throws ShapeException if the shapes do not fit
     * @throws IllegalArgumentException if a class index is out of range
     * @throws DTypeException if the logits are not floating, or the target is neither probabilities of their dtype nor INT32 class
     *     indices
     */
    @Override
    public Tensor forward(Tensor logits, Tensor target) {
        Shape shape = logits.shape();
        if (shape.rank() == 0) {
            throw new ShapeException("CrossEntropy: expected logits [N, C, ...], got a scalar");
        }
        logits.dtype().requireFloating("CrossEntropy");
        int axis = shape.rank() == 1 ? 0 : 1;
        if (target.dtype() == DType.INT32) {
            if (target.shape().equals(shape)) {
                throw new DTypeException("CrossEntropy: a target " + shape
                        + " of the logits' shape is of probabilities,"
                        + " but is INT32; convert it with to(" + logits.dtype() + "), or give class indices "
                        + shape.reduce("CrossEntropy", Dims.DROP, axis) + ", of one-hot rows argMax(" + axis + ")");
            }
            return ofClasses(logits, target, axis);
        }
        if (!target.shape().equals(shape) && target.shape().equals(shape.reduce("CrossEntropy", Dims.DROP, axis))) {
            throw new DTypeException("CrossEntropy: class indices must be INT32, but the target " + target.shape()
                    + " is " + target.dtype() + "; convert it with to(INT32), or give probabilities " + shape);
        }
        ElementwiseLoss.requireAlike("CrossEntropy", logits, target);
        return ofProbabilities(logits, target, axis);
    }

    private Tensor ofClasses(Tensor logits, Tensor target, int axis) {
        ClassTargets targets = targets(logits, axis, target);
        int classes = logits.shape().dim(axis);
        double[] spread = labelSmoothing == 0
                ? new double[0]
                : Arrays.stream(weights(classes))
                        .map(w -> w * labelSmoothing / classes)
                        .toArray();
        return reduced(losses(logits, targets, labelSmoothing, spread, axis), targets);
    }

    private Tensor ofProbabilities(Tensor logits, Tensor target, int axis) {
        ClassTargets.requireWeightForEach("CrossEntropy", logits.shape().dim(axis), classWeights);
        Tensor q = labelSmoothing == 0
                ? target
                : target.mul(1 - labelSmoothing)
                        .add(labelSmoothing / logits.shape().dim(axis));
        return reduction.of(losses(
                logits,
                classWeights.isEmpty() ? q : q.mul(alongClasses(logits, axis, weights(classWeights.size()))),
                axis));
    }

    private double[] weights(int classes) {
        return classWeights.isEmpty()
                ? DoubleStream.generate(() -> 1).limit(classes).toArray()
                : classWeights.stream().mapToDouble(w -> w).toArray();
    }

    /** A tensor with a number for each class that broadcasts along the class axis of the logits x, in their dtype. */
    private static Tensor alongClasses(Tensor x, int axis, double[] values) {
        int[] sizes = new int[x.shape().rank()];
        Arrays.fill(sizes, 1);
        sizes[axis] = values.length;
        return Tensor.of(NdArray.of(Shape.of(sizes), values).to(x.dtype()));
    }

    /** {@code −w·log softmax(x)} of each target's class. */
    static Tensor losses(Tensor x, ClassTargets targets, int axis) {
        return losses(x, targets, 0, new double[0], axis);
    }

    /** {@code −Σ q·log softmax(x)} for class indices, as one recorded operation that keeps no array of x's size except x. */
    private static Tensor losses(Tensor x, ClassTargets targets, double fraction, double[] spread, int axis) {
        SmoothedClasses q = targets.smoothed(fraction, spread);
        return LibraryOps.fusedOp(
                "CrossEntropy",
                CrossEntropyKernels.loss(x.data(), axis, q),
                List.of(x),
                (g, y) -> List.of(Tensor.of(CrossEntropyKernels.gradient(g.data(), x.data(), axis, q))),
                own -> composed(own.get(0), targets, q, fraction, spread, axis));
    }

    private static Tensor composed(
            Tensor x, ClassTargets targets, SmoothedClasses q, double fraction, double[] spread, int axis) {
        Tensor used = targets.isUsed();
        Tensor total = targets.weight().mul(1 - fraction).add(used.mul(q.spreadSum()));
        // As in CrossEntropyKernels, a target whose total weight is 0 gets a gradient of 0, even if its logits or its
        // upstream gradient are NaN.
        Tensor wants = total.ne(0);
        Tensor logP = Tensor.where(wants.unsqueeze(axis), x, 0).logSoftmax(axis);
        Tensor losses = targets.negativeLogLikelihood(logP, axis).mul(1 - fraction);
        if (spread.length > 0) {
            losses =
                    losses.sub(logP.mul(alongClasses(x, axis, spread)).sum(axis).mul(used));
        }
        return Tensor.where(wants, losses, 0);
    }

    /** {@code −Σ q·log softmax(x)} along an axis, as one recorded operation; classes of probability 0 contribute 0. */
    private static Tensor losses(Tensor x, Tensor q, int axis) {
        NdArray terms = x.data().logSoftmax(axis).zip(q.data(), (logP, p) -> p == 0 ? 0 : -p * logP);
        return op(
                "CrossEntropy",
                terms.sum(axis),
                edge(x, g -> x.softmax(axis).mul(q.sum(Dims.KEEP, axis)).sub(q).mul(g.unsqueeze(axis))),
                edge(q, g -> x.logSoftmax(axis).neg().mul(g.unsqueeze(axis))));
    }

    @Override
    Object[] ownSetting() {
        return new Object[] {"labelSmoothing", labelSmoothing, 0.0};
    }
}
