package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;

/**
 * The fraction of predictions that are right. Predictions are scores {@code [N, C, d…]} of which the largest counts (the first of
 * equal ones), for targets {@code [N, d…]}; or of the targets' shape, INT32 or BOOL classes, or scores of class 1, which is predicted
 * above a threshold. By default that is ½, for probabilities; of logits it is {@code new Accuracy(0)}.
 */
public final class Accuracy implements Metric {
    private final double threshold;
    private long right;
    private long all;

    /** For scores of one class a threshold of ½, that of probabilities. */
    public Accuracy() {
        this(0.5);
    }

    /** With another threshold for scores of one class: 0 for logits. */
    public Accuracy(double threshold) {
        this.threshold = threshold;
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        ClassPredictions batch = ClassPredictions.of("Accuracy", prediction, target, threshold);
        for (int k = 0; k < batch.size(); k++) {
            right += batch.predicted(k) == batch.actual(k) ? 1 : 0;
        }
        all += batch.size();
    }

    @Override
    public double value() {
        return (double) right / all;
    }

    @Override
    public void reset() {
        right = 0;
        all = 0;
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(Accuracy.class, "threshold", threshold, 0.5);
    }
}
