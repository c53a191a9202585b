package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;

/**
 * The fraction of targets {@code [N, d…]} among the k classes with the largest scores {@code [N, C, d…]}. Of equal scores the class with
 * the larger index counts as larger, as in scikit-learn's {@code top_k_accuracy_score}.
 */
public final class TopKAccuracy extends MeanMetric {
    private final int k;

    /**
     * The accuracy of k guesses.
     *
     * @throws IllegalArgumentException if k is less than 1
     */
    public TopKAccuracy(int k) {
        this.k = Settings.requireCount(TopKAccuracy.class, "number k", k);
    }

    @Override
    public void update(Tensor prediction, Tensor target) {
        ClassPredictions.requireScores("TopKAccuracy", prediction, target);
        int[] actual = ClassPredictions.classes("TopKAccuracy", target);
        int classes = prediction.shape().dim(1);
        ClassPredictions.requireBelow("TopKAccuracy", classes, actual);
        double[] scores = ClassPredictions.classesLast(prediction).toDoubleArray();
        int found = 0;
        for (int sample = 0; sample < actual.length; sample++) {
            int own = sample * classes + actual[sample];
            int before = 0;
            for (int c = sample * classes; c < (sample + 1) * classes; c++) {
                ClassPredictions.requireNumber("TopKAccuracy", scores[c], c);
                before += scores[c] > scores[own] || (scores[c] == scores[own] && c > own) ? 1 : 0;
            }
            found += before < k ? 1 : 0;
        }
        add(found, actual.length);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(TopKAccuracy.class, "k", k, null);
    }
}
