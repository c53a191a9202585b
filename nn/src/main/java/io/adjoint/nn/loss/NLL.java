package io.adjoint.nn.loss;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * The negative log-likelihood {@code −w·log p} of the wanted classes, given log-probabilities such as those of
 * {@link Tensor#logSoftmax}; of logits, {@link CrossEntropy} is both in one.
 *
 * <p>Shapes: log-probabilities {@code [N, C, d…]}, or {@code [C]} for one sample, with C classes, and INT32 class indices
 * {@code [N, d…]}. The losses are {@code [N, d…]}, and their mean by default: their sum divided by the sum of the weights of the
 * classes that occur (NaN, with gradient 0, if all targets are ignored). Immutable: each setting returns a loss of its own.
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

    /** With a factor for each class; by default all are 1. */
    public NLL classWeights(double... weights) {
        return new NLL(reduction, ignoreIndex, weights.clone());
    }

    /**
     * The negative log-likelihood of the target.
     *
     * @throws ShapeException if the shapes do not fit
     * @throws IllegalArgumentException if a class index is out of range
     * @throws DTypeException if the target is not INT32, or the prediction not floating
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Shape shape = prediction.shape();
        if (shape.rank() == 0) {
            throw new ShapeException("NLL: expected log-probabilities [N, C, ...], got a scalar");
        }
        prediction.dtype().requireFloating("NLL");
        if (target.dtype() != DType.INT32) {
            throw new DTypeException("NLL: class indices must be INT32, but the target " + target.shape() + " is "
                    + target.dtype() + "; convert it with to(INT32)");
        }
        int axis = shape.rank() == 1 ? 0 : 1;
        double[] weights = ClassTargets.weights("NLL", shape.dim(axis), classWeights);
        ClassTargets targets = new ClassTargets("NLL", shape, axis, target, ignoreIndex, weights);
        Tensor q = Tensor.of(NdArray.wrap(shape, targets.distribution(0)).to(prediction.dtype()));
        NdArray terms = prediction.data().zip(q.data(), ClassTargets::term);
        Tensor losses =
                op("nll", terms.sum(false, axis), edge(prediction, g -> q.neg().mul(g.unsqueeze(axis))));
        return reduction.of(losses, targets.usedWeight());
    }
}
