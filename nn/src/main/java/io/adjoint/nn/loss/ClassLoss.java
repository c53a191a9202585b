package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings that {@link CrossEntropy}, {@link FocalCrossEntropy} and {@link NLL} share: the losses of predictions that have a score for
 * each class, and of targets that are class indices. By default they give the mean, ignoring −100, without weights.
 *
 * <p>Losses are values: each method returns a changed copy.
 *
 * @param <L> the loss itself
 */
@CheckReturnValue
abstract sealed class ClassLoss<L extends ClassLoss<L>> implements Loss permits CrossEntropy, FocalCrossEntropy, NLL {
    final Reduction reduction;
    final int ignoreIndex;
    /** The weight of each class; empty for equal weights. */
    final List<Double> classWeights;

    ClassLoss() {
        this(Reduction.MEAN, -100, List.of());
    }

    ClassLoss(Reduction reduction, int ignoreIndex, List<Double> classWeights) {
        this.reduction = reduction;
        this.ignoreIndex = ignoreIndex;
        this.classWeights = classWeights;
    }

    abstract L with(Reduction newReduction, int newIgnoreIndex, List<Double> newClassWeights);

    @Override
    public Reduction reduction() {
        return reduction;
    }

    /** With another reduction; the default is {@link Reduction#MEAN}. */
    public L reduction(Reduction reduction) {
        return with(reduction, ignoreIndex, classWeights);
    }

    /** With another class index that marks targets to be left out; the default is −100. */
    public L ignoreIndex(int index) {
        return with(reduction, index, classWeights);
    }

    /**
     * With a weight for each class, which papers on the focal loss call α; by default, and without arguments, all are 1.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public L classWeights(double... weights) {
        return with(
                reduction,
                ignoreIndex,
                ClassTargets.weights(getClass(), Arrays.stream(weights).boxed().toList()));
    }

    /** The name, value and default of a setting that only this loss has, for {@link Settings#described}; empty by default. */
    Object[] ownSetting() {
        return new Object[0];
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        Object[] common = {
            "reduction",
            reduction,
            Reduction.MEAN,
            "ignoreIndex",
            ignoreIndex,
            -100,
            "classWeights",
            classWeights,
            List.of()
        };
        return Settings.described(
                getClass(),
                Stream.concat(Arrays.stream(ownSetting()), Arrays.stream(common))
                        .toArray());
    }

    /** The loss's name, for messages. */
    final String name() {
        return getClass().getSimpleName();
    }

    /** Checks the target's class indices, and returns them with their weights. */
    final ClassTargets targets(Tensor scores, int axis, Tensor target) {
        return new ClassTargets(name(), scores, axis, target, ignoreIndex, classWeights);
    }

    /** Reduces the losses of targets; the mean is their sum divided by the sum of the targets' weights. */
    final Tensor reduced(Tensor losses, ClassTargets targets) {
        return reduction.of(losses, targets.totalWeight());
    }
}
