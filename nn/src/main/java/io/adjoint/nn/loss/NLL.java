package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * The negative log-likelihood {@code −w·x} of the target's log-probability x, with the weight w of its class.
 *
 * <p>Shapes: log-probabilities {@code [N, C, d…]}, or {@code [C]} for one sample, with C classes; the target {@code [N, d…]} is INT32
 * class indices. The losses are {@code [N, d…]}; their mean, the default, is their sum divided by the sum of the weights of the
 * classes that occur (NaN, with gradient 0, if all targets are ignored). Immutable: each setting returns a changed copy.
 */
public final class NLL implements Loss {
    private final Reduction reduction;
    private final int ignoreIndex;
    private final double @Nullable [] classWeights;

    /** The mean, ignoring −100, without weights. */
    public NLL() {
        this(Reduction.MEAN, -100, null);
    }

    private NLL(Reduction reduction, int ignoreIndex, double @Nullable [] classWeights) {
        this.reduction = reduction;
        this.ignoreIndex = ignoreIndex;
        this.classWeights = classWeights;
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public NLL reduction(Reduction reduction) {
        return new NLL(reduction, ignoreIndex, classWeights);
    }

    /** With another class index that marks targets to be left out; the default is −100. */
    public NLL ignoreIndex(int index) {
        return new NLL(reduction, index, classWeights);
    }

    /**
     * With a weight for each class; by default all are 1.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public NLL classWeights(double... weights) {
        return new NLL(reduction, ignoreIndex, ClassTargets.checkedWeights("NLL", weights));
    }

    /**
     * The negative log-likelihood of the target.
     *
     * @throws ShapeException if the shapes do not fit
     * @throws IllegalArgumentException if a class index is out of range
     * @throws io.adjoint.core.DTypeException if the target is not INT32, or the prediction is not floating
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        int axis = ClassTargets.axisOfClasses("NLL", "log-probabilities", prediction, target);
        ClassTargets targets = new ClassTargets("NLL", prediction, axis, target, ignoreIndex, classWeights);
        return reduction.of(targets.negativeLogLikelihood(prediction, axis), targets.totalWeight());
    }
}
