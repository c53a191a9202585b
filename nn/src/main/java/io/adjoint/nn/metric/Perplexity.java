package io.adjoint.nn.metric;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.Reduction;
import java.util.Arrays;

/**
 * The exponential of the mean cross entropy of logits {@code [N, C, d…]} and INT32 targets {@code [N, d…]}, as of a language model's next
 * tokens: the number of classes among which it hesitates. {@link #nats()} is its logarithm.
 */
public final class Perplexity extends MeanMetric {
    private final int ignoreIndex;
    private final CrossEntropy loss;

    /** With targets of −100 left out. */
    public Perplexity() {
        this(-100);
    }

    /** With the targets of another index left out, such as the index of padding. */
    public Perplexity(int ignoreIndex) {
        this.ignoreIndex = ignoreIndex;
        loss = new CrossEntropy().reduction(Reduction.SUM).ignoreIndex(ignoreIndex);
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        ClassPredictions.requireScores("Perplexity", prediction, target);
        target.dtype().requireIndex("Perplexity");
        double added = Autograd.noGrad(() -> loss.forward(prediction, target).item());
        long counted = Arrays.stream(target.data().toIntArray())
                .filter(index -> index != ignoreIndex)
                .count();
        add(added, counted);
    }

    @Override
    public double value() {
        return StrictMath.exp(nats());
    }

    /** The mean cross entropy, in nats for each target; NaN if there are none. */
    public double nats() {
        return super.value();
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(Perplexity.class, "ignoreIndex", ignoreIndex, -100);
    }
}
