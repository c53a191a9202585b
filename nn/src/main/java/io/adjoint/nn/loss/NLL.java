package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import java.util.List;

/**
 * The negative log-likelihood {@code −w·x} of the target's log-probability x, with the weight w of its class.
 *
 * <p>Shapes: log-probabilities {@code [N, C, d…]}, or {@code [C]} for one sample, with C classes; the target {@code [N, d…]} is INT32
 * class indices. The losses are {@code [N, d…]}; their mean, the default, is their sum divided by the sum of the weights of the
 * classes that occur (NaN, with gradient 0, if all targets are ignored). Immutable: each setting returns a changed copy.
 */
@CheckReturnValue
public final class NLL extends ClassLoss<NLL> {
    /** The mean, ignoring −100, without weights. */
    public NLL() {}

    private NLL(Reduction reduction, int ignoreIndex, List<Double> classWeights) {
        super(reduction, ignoreIndex, classWeights);
    }

    @Override
    NLL with(Reduction newReduction, int newIgnoreIndex, List<Double> newClassWeights) {
        return new NLL(newReduction, newIgnoreIndex, newClassWeights);
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
        int axis = ClassTargets.axisOfClasses(name(), "log-probabilities", prediction, target);
        ClassTargets targets = targets(prediction, axis, target);
        return reduced(targets.negativeLogLikelihood(prediction, axis), targets);
    }
}
