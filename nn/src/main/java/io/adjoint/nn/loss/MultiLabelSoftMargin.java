package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.Arrays;
import java.util.List;

/**
 * The binary cross entropy of samples that are of several classes at once: the mean of
 * {@code −w·(t·log σ(x) + (1 − t)·log(1 − σ(x)))} over the classes, the last axis, of logits x {@code [..., C]} relative to targets t of
 * their shape. The losses are {@code [...]}. Immutable: each setting returns a changed copy.
 *
 * @param classWeights the weight w of each class; empty for equal weights
 * @param reduction the reduction of the samples' losses
 */
@CheckReturnValue
public record MultiLabelSoftMargin(List<Double> classWeights, Reduction reduction) implements Loss {
    /** A loss with both settings. */
    public MultiLabelSoftMargin {
        classWeights = ClassTargets.weights(MultiLabelSoftMargin.class, classWeights);
    }

    /** The mean, without weights. */
    public MultiLabelSoftMargin() {
        this(List.of(), Reduction.MEAN);
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public MultiLabelSoftMargin reduction(Reduction reduction) {
        return new MultiLabelSoftMargin(classWeights, reduction);
    }

    /**
     * With a weight for each class; by default all are 1.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public MultiLabelSoftMargin classWeights(double... weights) {
        return new MultiLabelSoftMargin(Arrays.stream(weights).boxed().toList(), reduction);
    }

    /**
     * The loss of each sample.
     *
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the dtypes differ or are not floating
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        ElementwiseLoss.requireAlike("MultiLabelSoftMargin", prediction, target);
        Shape shape = prediction.shape();
        if (shape.rank() == 0) {
            throw new ShapeException("MultiLabelSoftMargin: expected logits [..., C], got a scalar");
        }
        ClassTargets.requireWeightForEach("MultiLabelSoftMargin", shape.dim(-1), classWeights);
        Tensor losses = new BCEWithLogits().each(prediction, target);
        Tensor weighted = classWeights.isEmpty()
                ? losses
                : losses.mul(Tensor.of(classWeights.stream().mapToDouble(w -> w).toArray())
                        .to(prediction.dtype()));
        return reduction.of(weighted.mean(-1));
    }
}
