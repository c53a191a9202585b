package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.List;

/**
 * The focal loss (Lin et al., 2017) of one class of several: {@code −w·(1 − p)^γ·log p} with the probability p that the softmax of the
 * logits gives the target's class, and the weight w of that class; a {@link CrossEntropy} in which targets that are already classified well
 * count less. {@link Focal} is the focal loss of several independent labels.
 *
 * <p>Shapes: logits {@code [N, C, d…]}, or {@code [C]} for one sample, with C classes; the target {@code [N, d…]} is INT32 class indices.
 * The losses are {@code [N, d…]}; their mean, the default, is their sum divided by the sum of the weights of the classes that occur, as the
 * mean of a cross entropy (NaN, with gradient 0, if all targets are ignored). Immutable: each setting returns a changed copy.
 */
@CheckReturnValue
public final class FocalCrossEntropy extends ClassLoss<FocalCrossEntropy> {
    /**
     * An entropy −log p is clamped to this number before 1 − p is computed: beyond it p and {@code p·log p} are below the rounding of 1 in
     * both dtypes.
     */
    private static final double LARGEST = 80;

    private final double gamma;

    /** The mean of γ = 2, ignoring −100, without weights. */
    public FocalCrossEntropy() {
        this.gamma = 2;
    }

    private FocalCrossEntropy(Reduction reduction, int ignoreIndex, List<Double> classWeights, double gamma) {
        super(reduction, ignoreIndex, classWeights);
        this.gamma = gamma;
    }

    @Override
    FocalCrossEntropy with(Reduction newReduction, int newIgnoreIndex, List<Double> newClassWeights) {
        return new FocalCrossEntropy(newReduction, newIgnoreIndex, newClassWeights, gamma);
    }

    /**
     * With another exponent γ; with 0 it is a cross entropy.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public FocalCrossEntropy gamma(double gamma) {
        Settings.requireNotNegative(FocalCrossEntropy.class, "gamma", gamma);
        return new FocalCrossEntropy(reduction, ignoreIndex, classWeights, gamma);
    }

    /**
     * The focal loss of the target's classes.
     *
     * @throws ShapeException if the shapes do not fit
     * @throws IllegalArgumentException if a class index is out of range
     * @throws io.adjoint.core.DTypeException if the target is not INT32, or the logits are not floating
     */
    @Override
    public Tensor forward(Tensor logits, Tensor target) {
        int axis = ClassTargets.axisOfClasses(name(), "logits", logits, target);
        ClassTargets targets = targets(logits, axis, target);
        Tensor entropy = CrossEntropy.losses(logits, targets.unweighted(), axis);
        // 1 − p = −(exp(log p) − 1) stays accurate if p rounds to 1.
        Tensor missing = entropy.clampMax(LARGEST).neg().expm1().neg();
        Tensor losses = LossRules.focused(entropy, missing, gamma);
        return reduced(classWeights.isEmpty() ? losses : losses.mul(targets.weight()), targets);
    }

    @Override
    Object[] ownSetting() {
        return new Object[] {"gamma", gamma, 2.0};
    }
}
