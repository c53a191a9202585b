package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;

/**
 * A score of predicted probabilities. They are {@code [N, C, d…]}, one for each class, for INT32 targets {@code [N, d…]}; or they are the
 * probabilities of class 1, in the shape of the targets, which are INT32, BOOL, or floats 0 and 1. Each element of the targets counts as a
 * sample, so labels of samples with several labels count one by one.
 */
public abstract sealed class ProbabilityMetric extends MeanMetric permits LogLoss, BrierScore, CalibrationError {
    ProbabilityMetric() {}

    /**
     * Adds a sample to the metric.
     *
     * @param p the probabilities of all samples; the probabilities of this sample begin at index {@code from}
     * @param classes the number of probabilities of a sample; 1 if there is only the probability of class 1
     * @param eps the machine epsilon of the probabilities' dtype
     */
    abstract void add(double[] p, int from, int classes, int actual, double eps);

    @Override
    public final void update(Tensor prediction, Tensor target) {
        String name = getClass().getSimpleName();
        boolean binary = prediction.shape().equals(target.shape());
        if (binary) {
            prediction.dtype().requireFloating(name);
        } else {
            ClassPredictions.requireScores(name, prediction, target);
        }
        int[] actual = binary ? ClassPredictions.targets(name, target) : ClassPredictions.classes(name, target);
        int classes = binary ? 1 : prediction.shape().dim(1);
        ClassPredictions.requireBelow(name, Math.max(2, classes), actual);
        double[] p = (binary ? prediction.data() : ClassPredictions.classesLast(prediction)).toDoubleArray();
        double eps = prediction.dtype().eps();
        requireProbabilities(name, p, classes, eps);
        for (int k = 0; k < actual.length; k++) {
            add(p, k * classes, classes, actual[k], eps);
        }
    }

    private static void requireProbabilities(String name, double[] p, int columns, double eps) {
        for (int k = 0; k < p.length; k++) {
            if (!(p[k] >= 0 && p[k] <= 1)) {
                throw new IllegalArgumentException(name + ": expected probabilities, from 0 to 1, got " + p[k]
                        + "; those of logits are softmax(1), or sigmoid() of class 1 alone");
            }
        }
        for (int from = 0; columns > 1 && from < p.length; from += columns) {
            double total = 0;
            for (int k = from; k < from + columns; k++) {
                total += p[k];
            }
            if (Math.abs(total - 1) > Math.sqrt(eps)) {
                throw new IllegalArgumentException(name + ": the probabilities of a sample's classes add up to " + total
                        + ", expected 1; those of logits are softmax(1)");
            }
        }
    }
}
