package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Settings;
import java.util.Arrays;

/**
 * A figure of each class, made of the numbers of its targets, of its predictions and of those that are right, and averaged over the
 * classes. Where a denominator is 0, as for a class that is never predicted, the figure is 0. Predictions are as for {@link Accuracy}.
 */
public abstract sealed class ClassScore implements Metric permits Precision, Recall, F1 {
    private final Average average;
    private final double threshold;
    private long[] right = new long[0];
    private long[] predicted = new long[0];
    private long[] actual = new long[0];

    ClassScore(Average average, double threshold) {
        this.average = average;
        this.threshold = threshold;
    }

    /** The figure of a class, given how many are right, predicted and actual. */
    abstract double score(double right, double predicted, double actual);

    static double ratio(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }

    @Override
    public final void update(Tensor prediction, Tensor target) {
        String name = getClass().getSimpleName();
        ClassPredictions batch = ClassPredictions.of(name, prediction, target, threshold);
        int classes = batch.largest() + 1;
        if (average == Average.BINARY && classes > 2) {
            throw new IllegalArgumentException(
                    name + ": class " + (classes - 1) + " is not one of two; choose MACRO, MICRO or WEIGHTED");
        }
        if (classes > right.length) {
            right = Arrays.copyOf(right, classes);
            predicted = Arrays.copyOf(predicted, classes);
            actual = Arrays.copyOf(actual, classes);
        }
        for (int k = 0; k < batch.size(); k++) {
            predicted[batch.predicted(k)]++;
            actual[batch.actual(k)]++;
            right[batch.actual(k)] += batch.predicted(k) == batch.actual(k) ? 1 : 0;
        }
    }

    @Override
    public final double value() {
        long all = Arrays.stream(actual).sum();
        if (all == 0) {
            return Double.NaN;
        }
        return switch (average) {
            case BINARY -> right.length < 2 ? 0 : score(1);
            case MICRO -> score((double) Arrays.stream(right).sum(), (double) all, (double) all);
            case MACRO, WEIGHTED -> mean();
        };
    }

    private double score(int c) {
        return score((double) right[c], (double) predicted[c], (double) actual[c]);
    }

    private double mean() {
        double sum = 0;
        double weights = 0;
        for (int c = 0; c < right.length; c++) {
            double weight = average == Average.WEIGHTED ? actual[c] : actual[c] + predicted[c] > 0 ? 1 : 0;
            sum += weight * score(c);
            weights += weight;
        }
        return sum / weights;
    }

    @Override
    public final void reset() {
        right = new long[0];
        predicted = new long[0];
        actual = new long[0];
    }

    /** The settings that are not as by default. */
    @Override
    public final String toString() {
        return Settings.described(getClass(), "average", average, null, "threshold", threshold, 0.5);
    }
}
