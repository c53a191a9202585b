package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The binary cross entropy of samples that are of several classes at once: the mean of
 * {@code −w·(t·log σ(x) + (1 − t)·log(1 − σ(x)))} over the classes, the last axis, of logits x {@code [..., C]} relative to targets t of
 * their shape. The losses are {@code [...]}. Immutable: each setting returns a changed copy.
 */
@CheckReturnValue
public final class MultiLabelSoftMargin implements Loss {
    private final Reduction reduction;
    private final double @Nullable [] classWeights;

    /** The mean, without weights. */
    public MultiLabelSoftMargin() {
        this(Reduction.MEAN, null);
    }

    private MultiLabelSoftMargin(Reduction reduction, double @Nullable [] classWeights) {
        this.reduction = reduction;
        this.classWeights = classWeights;
    }

    @Override
    public Reduction reduction() {
        return reduction;
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public MultiLabelSoftMargin reduction(Reduction reduction) {
        return new MultiLabelSoftMargin(reduction, classWeights);
    }

    /**
     * With a weight for each class; by default all are 1.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public MultiLabelSoftMargin classWeights(double... weights) {
        return new MultiLabelSoftMargin(reduction, ClassLoss.checkedWeights(MultiLabelSoftMargin.class, weights));
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
        Tensor weighted = classWeights == null
                ? losses
                : losses.mul(Tensor.of(
                        NdArray.of(Shape.of(classWeights.length), classWeights).to(prediction.dtype())));
        return reduction.of(weighted.mean(-1));
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(
                MultiLabelSoftMargin.class, "reduction", reduction, Reduction.MEAN, "classWeights", classWeights, null);
    }
}
