package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.Map;

/**
 * A figure of each class, made of the numbers of its targets, of its predictions and of those that are right, and averaged over the
 * classes. Where a denominator is 0, as for a class that is never predicted, the figure is 0, as with scikit-learn's
 * {@code zero_division=0}.
 *
 * <p>A sample has one class, and predictions are as for {@link Accuracy}; or, from {@code multiLabel(…)}, several labels: predictions
 * {@code [N, L]}, scores or labels that are 0 or 1, for targets {@code [N, L]}, INT32 labels 0 or 1, or BOOL ones. Each label is a class
 * of its own then, and {@link Average#SAMPLES} averages over the samples instead. {@link Average#BINARY} takes predictions of any shape,
 * each element for a sample; all else refuses predictions of the targets' shape with more than one column, which may be either.
 */
public abstract sealed class ClassScore implements Metric permits Precision, Recall, F1 {
    /** A larger index is a mistake, such as one for samples to be ignored, and counts for it would fill the memory. */
    private static final int MOST_CLASSES = 1 << 24;

    private final Average average;
    private final double threshold;
    private final boolean multiLabel;
    private long[] right = new long[0];
    private long[] predicted = new long[0];
    private long[] actual = new long[0];
    private long samples;
    /** Of all samples, each of its labels together. */
    private double sumOfSamples;

    private final MetricState state = new MetricState(getClass())
            .counts("right", () -> right, value -> right = value)
            .counts("predicted", () -> predicted, value -> predicted = value)
            .counts("actual", () -> actual, value -> actual = value)
            .count("samples", () -> samples, value -> samples = value)
            .number("sumOfSamples", () -> sumOfSamples, value -> sumOfSamples = value)
            .fits(() -> right.length == predicted.length && right.length == actual.length);

    ClassScore(Average average, double threshold, boolean multiLabel) {
        if (average == (multiLabel ? Average.BINARY : Average.SAMPLES)) {
            String name = getClass().getSimpleName();
            throw new IllegalArgumentException(
                    multiLabel
                            ? name
                                    + ": BINARY is of one class of two; for several labels choose MACRO, MICRO, WEIGHTED or"
                                    + " SAMPLES"
                            : name + ": SAMPLES is for samples with several labels: " + name + ".multiLabel(SAMPLES)");
        }
        this.average = average;
        this.threshold = threshold;
        this.multiLabel = multiLabel;
    }

    /** The figure of a class, or of the labels of a sample, given how many are right, predicted and actual. */
    abstract double score(double right, double predicted, double actual);

    static double ratio(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }

    @Override
    public final void update(Tensor prediction, Tensor target) {
        if (multiLabel) {
            updateLabels(prediction, target);
        } else {
            updateClasses(prediction, target);
        }
    }

    private void updateClasses(Tensor prediction, Tensor target) {
        String name = getClass().getSimpleName();
        ClassPredictions batch = ClassPredictions.of(
                name,
                prediction,
                target,
                threshold,
                average == Average.BINARY ? null : name + ".multiLabel(" + average + ")");
        if (batch.largest() > MOST_CLASSES) {
            throw new IllegalArgumentException(name + ": class " + batch.largest() + " is beyond the " + MOST_CLASSES
                    + " classes that are counted; leave out samples whose index means that they are to be ignored");
        }
        int classes = batch.largest() + 1;
        if (average == Average.BINARY && classes > 2) {
            throw new IllegalArgumentException(
                    name + ": class " + (classes - 1) + " is not one of two; choose MACRO, MICRO or WEIGHTED");
        }
        if (classes > right.length) {
            resize(classes);
        }
        for (int k = 0; k < batch.size(); k++) {
            predicted[batch.predicted(k)]++;
            actual[batch.actual(k)]++;
            right[batch.actual(k)] += batch.predicted(k) == batch.actual(k) ? 1 : 0;
        }
        samples += batch.size();
    }

    private void updateLabels(Tensor prediction, Tensor target) {
        String name = getClass().getSimpleName();
        ClassPredictions batch = ClassPredictions.ofLabels(name, prediction, target, threshold);
        int labels = target.shape().dim(1);
        if (right.length != 0 && labels != right.length) {
            throw new ShapeException(name + ": got targets " + target.shape() + ", but those before had " + right.length
                    + " labels for each sample");
        }
        resize(labels);
        for (int k = 0; k < batch.size(); k += labels) {
            int rightOfSample = 0;
            int predictedOfSample = 0;
            int actualOfSample = 0;
            for (int label = 0; label < labels; label++) {
                int p = batch.predicted(k + label);
                int a = batch.actual(k + label);
                right[label] += (long) p * a;
                predicted[label] += p;
                actual[label] += a;
                rightOfSample += p * a;
                predictedOfSample += p;
                actualOfSample += a;
            }
            sumOfSamples += score(rightOfSample, predictedOfSample, actualOfSample);
            samples++;
        }
    }

    private void resize(int classes) {
        right = Arrays.copyOf(right, classes);
        predicted = Arrays.copyOf(predicted, classes);
        actual = Arrays.copyOf(actual, classes);
    }

    @Override
    public final double value() {
        if (samples == 0) {
            return Double.NaN;
        }
        return switch (average) {
            case BINARY -> right.length < 2 ? 0 : score(1);
            case MICRO -> score(sum(right), sum(predicted), sum(actual));
            case MACRO, WEIGHTED -> mean();
            case SAMPLES -> sumOfSamples / samples;
        };
    }

    /**
     * The figure of each class, or label, without an average: FLOAT64 {@code [C]} for the classes from 0 to the largest so far, or
     * {@code [L]}. It is 0 for a class between them that occurs neither among targets nor predictions.
     */
    public final NdArray perClass() {
        double[] scores = new double[right.length];
        Arrays.setAll(scores, this::score);
        return NdArray.of(Shape.of(scores.length), scores);
    }

    private static double sum(long... counts) {
        return (double) Arrays.stream(counts).sum();
    }

    private double score(int c) {
        return score((double) right[c], (double) predicted[c], (double) actual[c]);
    }

    private double mean() {
        double sum = 0;
        double weights = 0;
        for (int c = 0; c < right.length; c++) {
            double weight =
                    average == Average.WEIGHTED ? actual[c] : multiLabel || actual[c] + predicted[c] > 0 ? 1 : 0;
            sum += weight * score(c);
            weights += weight;
        }
        return ratio(sum, weights);
    }

    @Override
    public final void reset() {
        right = new long[0];
        predicted = new long[0];
        actual = new long[0];
        samples = 0;
        sumOfSamples = 0;
    }

    @Override
    public final Map<String, NdArray> state() {
        return state.state();
    }

    @Override
    public final void load(Map<String, NdArray> saved) {
        state.load(saved);
    }

    /** The settings that are not as by default. */
    @Override
    public final String toString() {
        return Settings.described(
                getClass(), "average", average, null, "threshold", threshold, 0.5, "multiLabel", multiLabel, false);
    }
}
