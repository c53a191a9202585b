package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;

/**
 * The fraction of correct predictions. For targets {@code [N, d…]} predictions are scores {@code [N, C, d…]}, of which the largest is the
 * predicted class (the first of equal ones). For two classes they have the targets' shape {@code [N]} or {@code [N, 1]}: INT32 or BOOL
 * classes, or scores of class 1, which is predicted above a threshold: ½, for probabilities, or 0 after
 * {@link #ofLogits()}. Targets are INT32 or BOOL classes; targets of the predictions' shape may also be floats, each exactly 0 or 1, as
 * {@link io.adjoint.nn.loss.BCEWithLogits} takes them.
 *
 * <p>Predictions of the targets' shape with more columns are refused, because they have two readings: call {@link #multiLabel()} if each
 * row is a sample with several labels, or {@code flatten()} both if each element is a sample.
 */
public final class Accuracy extends ClassMetric<Accuracy> {
    private boolean multiLabel;
    private long right;
    private long all;

    /** For scores of one class a threshold of ½, for probabilities. */
    public Accuracy() {}

    @Override
    long samples() {
        return all;
    }

    /**
     * Measures the subset accuracy from here on: the fraction of samples of which all labels are right. Predictions are {@code [N, L]},
     * scores or labels that are 0 or 1, for targets {@code [N, L]}, labels 0 or 1 of any dtype, or BOOL ones. The fraction of labels that
     * are right is the value of an accuracy without this setting, given {@code flatten()} of both.
     *
     * @throws IllegalStateException after an update
     */
    @CanIgnoreReturnValue
    public Accuracy multiLabel() {
        requireNoUpdate("multiLabel()");
        multiLabel = true;
        return this;
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        ClassPredictions batch = multiLabel
                ? ClassPredictions.ofLabels("Accuracy", prediction, target, threshold())
                : ClassPredictions.of("Accuracy", prediction, target, threshold(), ClassPredictions.MULTI_LABEL);
        int labels = multiLabel ? target.shape().dim(1) : 1;
        for (int k = 0; k < batch.size(); k += labels) {
            boolean same = true;
            for (int label = k; label < k + labels; label++) {
                same &= batch.predicted(label) == batch.actual(label);
            }
            right += same ? 1 : 0;
            all++;
        }
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

    @Override
    public void declareState(StateFields fields) {
        fields.longCount("right", right, value -> right = value);
        fields.longCount("all", all, value -> all = value);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(
                Accuracy.class, "threshold", threshold(), OF_PROBABILITIES, "multiLabel", multiLabel, false);
    }
}
