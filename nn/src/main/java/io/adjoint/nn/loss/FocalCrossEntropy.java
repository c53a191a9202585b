package io.adjoint.nn.loss;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The focal loss (Lin et al., 2017) of one class of several: {@code −w·(1 − p)^γ·log p} with the probability p that the softmax of the
 * logits gives the target's class, and the weight w of that class; a {@link CrossEntropy} in which what is classified well already counts
 * less. {@link Focal} is that of each of several independent labels.
 *
 * <p>Shapes: logits {@code [N, C, d…]}, or {@code [C]} for one sample, with C classes; the target {@code [N, d…]} is INT32 class
 * indices. The losses are {@code [N, d…]}; their mean, the default, is their sum divided by the sum of the weights of the classes that
 * occur, as that of a cross entropy (NaN, with gradient 0, if all targets are ignored). Immutable: each setting returns a changed copy.
 */
public final class FocalCrossEntropy implements Loss {
    private final double gamma;
    private final Reduction reduction;
    private final int ignoreIndex;
    private final double @Nullable [] classWeights;

    /** The mean of γ = 2, ignoring −100, without weights. */
    public FocalCrossEntropy() {
        this(2, Reduction.MEAN, -100, null);
    }

    private FocalCrossEntropy(double gamma, Reduction reduction, int ignoreIndex, double @Nullable [] classWeights) {
        this.gamma = gamma;
        this.reduction = reduction;
        this.ignoreIndex = ignoreIndex;
        this.classWeights = classWeights;
    }

    /**
     * With another exponent γ; with 0 it is a cross entropy.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public FocalCrossEntropy gamma(double gamma) {
        Settings.requireNotNegative(FocalCrossEntropy.class, "gamma", gamma);
        return new FocalCrossEntropy(gamma, reduction, ignoreIndex, classWeights);
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public FocalCrossEntropy reduction(Reduction reduction) {
        return new FocalCrossEntropy(gamma, reduction, ignoreIndex, classWeights);
    }

    /** With another class index that marks targets to be left out; the default is −100. */
    public FocalCrossEntropy ignoreIndex(int index) {
        return new FocalCrossEntropy(gamma, reduction, index, classWeights);
    }

    /**
     * With a weight for each class, which several papers call α; by default all are 1.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public FocalCrossEntropy classWeights(double... weights) {
        return new FocalCrossEntropy(
                gamma, reduction, ignoreIndex, ClassTargets.checkedWeights("FocalCrossEntropy", weights));
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
        int axis = ClassTargets.axisOfClasses("FocalCrossEntropy", "logits", logits, target);
        ClassTargets targets = new ClassTargets("FocalCrossEntropy", logits, axis, target, ignoreIndex, classWeights);
        Tensor entropy = CrossEntropy.losses(logits, targets.unweighted(), axis);
        // 1 − p = −(exp(log p) − 1) is exact where p rounds to 1.
        Tensor missing = entropy.neg().expm1().neg();
        Tensor losses = LossRules.focused(entropy, missing, gamma);
        return reduction.of(classWeights == null ? losses : losses.mul(targets.weight()), targets.totalWeight());
    }
}
