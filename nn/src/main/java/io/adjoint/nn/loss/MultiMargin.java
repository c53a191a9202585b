package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * The hinge loss of several classes (Crammer and Singer, 2001, in the sum over classes of Weston and Watkins, 1999):
 * {@code Σ w[t]·max(0, m − x[t] + x[c])^p / C} over the classes c other than the target t, of scores x of C classes.
 *
 * <p>Shapes: scores {@code [N, C]}, or {@code [C]} for one sample; the target {@code [N]}, or a scalar, is INT32 class indices. The mean,
 * the default, divides by N with any weights. Where a margin is met exactly the gradient is 0. Immutable: each setting returns a changed
 * copy.
 *
 * @param p the exponent, 1 or 2
 * @param margin the margin m, finite
 * @param classWeights the weight w of each class; empty for equal weights
 * @param reduction the reduction of the samples' losses
 */
@CheckReturnValue
public record MultiMargin(int p, double margin, List<Double> classWeights, Reduction reduction) implements Loss {
    /** A loss with all settings. */
    public MultiMargin {
        Settings.require(p == 1 || p == 2, MultiMargin.class, "exponent p", "be 1 or 2", p);
        Settings.requireFinite(MultiMargin.class, "margin", margin);
        classWeights = ClassTargets.weights(MultiMargin.class, classWeights);
    }

    /** The mean with margin 1, not squared, without weights. */
    public MultiMargin() {
        this(1, 1, List.of(), Reduction.MEAN);
    }

    /**
     * With another exponent p; the default is 1.
     *
     * @throws IllegalArgumentException if it is neither 1 nor 2
     */
    public MultiMargin p(int p) {
        return new MultiMargin(p, margin, classWeights, reduction);
    }

    /**
     * With another margin; the default is 1.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public MultiMargin margin(double margin) {
        return new MultiMargin(p, margin, classWeights, reduction);
    }

    /**
     * With a weight for each class; by default all are 1.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public MultiMargin classWeights(double... weights) {
        return new MultiMargin(p, margin, Arrays.stream(weights).boxed().toList(), reduction);
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public MultiMargin reduction(Reduction reduction) {
        return new MultiMargin(p, margin, classWeights, reduction);
    }

    /**
     * The loss of each sample.
     *
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the target is not INT32, or the prediction is not floating
     * @throws IllegalArgumentException if a class index is out of range
     */
    @Override
    public Tensor forward(Tensor prediction, Tensor target) {
        Shape shape = prediction.shape();
        if (shape.rank() != 1 && shape.rank() != 2) {
            throw new ShapeException("MultiMargin: expected scores [N, C] or [C], got " + shape);
        }
        prediction.dtype().requireFloating("MultiMargin");
        ClassTargets targets = new ClassTargets("MultiMargin", prediction, -1, target, null, classWeights);
        Tensor index = targets.index().unsqueeze(-1);
        // The target's own margin doesn't count: it is replaced by a constant 0.
        Tensor violations = prediction
                .sub(prediction.gather(-1, index))
                .add(margin)
                .scatter(-1, index, Tensor.of(NdArray.zeros(prediction.dtype(), index.shape())))
                .relu();
        Tensor losses = (p == 2 ? violations.square() : violations).sum(-1).div(shape.dim(-1));
        return reduction.of(classWeights.isEmpty() ? losses : losses.mul(targets.weight()));
    }
}
