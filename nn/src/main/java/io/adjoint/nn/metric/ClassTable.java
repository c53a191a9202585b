package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.ShapeException;
import io.adjoint.core.StateFields;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * Counts over all batches, for each class or, if samples have several labels, for each label: the samples whose prediction has the class or
 * label, the samples whose target has it, and the samples whose prediction and target both have it.
 */
final class ClassTable {
    /**
     * The largest accepted class index. A larger index is refused: it probably marks a sample that is to be ignored, and a table up to such
     * an index would take too much memory.
     */
    private static final int MOST_CLASSES = 1 << 24;

    private final int fewest;
    private long[] right;
    private long[] predicted;
    private long[] actual;
    private long samples;

    /** A table that has no classes at first, and grows with the classes that occur in batches. */
    ClassTable() {
        this(0);
    }

    /** A table with at least this number of classes. */
    ClassTable(int fewest) {
        this.fewest = fewest;
        right = new long[fewest];
        predicted = new long[fewest];
        actual = new long[fewest];
    }

    /** Adds the samples of a batch, with one class each; the table grows if the batch has a class with a larger index. */
    void add(String metric, ClassPredictions batch) {
        if (batch.largest() > MOST_CLASSES) {
            throw new IllegalArgumentException(metric + ": class " + batch.largest() + " is beyond the " + MOST_CLASSES
                    + " classes that are counted; leave out samples whose index means that they are to be ignored");
        }
        if (batch.largest() >= right.length) {
            resize(batch.largest() + 1);
        }
        for (int k = 0; k < batch.size(); k++) {
            int p = batch.predicted(k);
            int a = batch.actual(k);
            predicted[p]++;
            actual[a]++;
            right[a] += p == a ? 1 : 0;
        }
        samples += batch.size();
    }

    /**
     * Adds the samples of a batch, with {@code labels} labels each, and passes the counts of each sample, taken over its labels, to {@code
     * eachSample}.
     */
    void addLabels(String metric, ClassPredictions batch, int labels, Consumer<ClassCounts> eachSample) {
        if (right.length != 0 && labels != right.length) {
            throw new ShapeException(metric + ": got targets [" + batch.size() / labels + ", " + labels
                    + "], but those before had " + right.length + " labels for each sample");
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
            samples++;
            eachSample.accept(counts(rightOfSample, predictedOfSample, actualOfSample, labels));
        }
    }

    private void resize(int classes) {
        right = Arrays.copyOf(right, classes);
        predicted = Arrays.copyOf(predicted, classes);
        actual = Arrays.copyOf(actual, classes);
    }

    private static ClassCounts counts(long right, long predicted, long actual, long all) {
        return new ClassCounts(right, predicted - right, actual - right, all - predicted - actual + right);
    }

    /**
     * The number of classes: the largest class index so far plus 1, but at least {@code fewest}; if samples have several labels, the number
     * of labels.
     */
    int classes() {
        return right.length;
    }

    long samples() {
        return samples;
    }

    ClassCounts counts(int c) {
        return counts(right[c], predicted[c], actual[c], samples);
    }

    /** The counts added up over all classes. */
    ClassCounts sum() {
        ClassCounts sum = new ClassCounts(0, 0, 0, 0);
        for (int c = 0; c < classes(); c++) {
            sum = sum.plus(counts(c));
        }
        return sum;
    }

    /** Returns whether any sample has the class as its target or its prediction. */
    boolean occurs(int c) {
        return predicted[c] + actual[c] > 0;
    }

    /** The weighted mean of the classes' scores, summed in the order of the classes; 0 if all weights are 0. */
    double mean(ToDoubleFunction<ClassCounts> score, IntToDoubleFunction weight) {
        double sum = 0;
        double weights = 0;
        for (int c = 0; c < classes(); c++) {
            double own = weight.applyAsDouble(c);
            sum += own * score.applyAsDouble(counts(c));
            weights += own;
        }
        return ClassCounts.ratio(sum, weights);
    }

    /** The mean of the classes' scores, weighted by the number of targets of each class. */
    double weightedMean(ToDoubleFunction<ClassCounts> score) {
        return mean(score, c -> actual[c]);
    }

    /**
     * Declares the counts as fields of a metric's state.
     *
     * @return the number of classes
     */
    @CanIgnoreReturnValue
    int declareState(StateFields fields) {
        int classes = fields.longCounts("right", right, values -> right = values).length;
        int ofPredicted = fields.longCounts("predicted", predicted, values -> predicted = values).length;
        int ofActual = fields.longCounts("actual", actual, values -> actual = values).length;
        fields.longCount("samples", samples, value -> samples = value);
        fields.require(
                classes >= fewest && classes == ofPredicted && classes == ofActual,
                "'right', 'predicted' and 'actual' must have a count for each of as many classes"
                        + (fewest == 0 ? "" : ", " + fewest + " at least") + ", but have " + classes + ", "
                        + ofPredicted
                        + " and " + ofActual);
        return classes;
    }

    void reset() {
        right = new long[fewest];
        predicted = new long[fewest];
        actual = new long[fewest];
        samples = 0;
    }
}
