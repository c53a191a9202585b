package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A score of each class, made of its {@link ClassCounts}, and averaged over the classes. Where a denominator is 0, as for a class that is
 * never predicted, the score is 0, as with scikit-learn's {@code zero_division=0}.
 *
 * <p>A sample has one class, and predictions are as for {@link Accuracy}; or, after {@link #multiLabel()}, several labels: predictions
 * {@code [N, L]}, scores or labels that are 0 or 1, for targets {@code [N, L]}, labels 0 or 1 of any dtype, or BOOL ones. Each label is a
 * class of its own then, and {@link Average#SAMPLES} averages over the samples instead. {@link Average#BINARY} takes predictions of any
 * shape, each element for a sample; all else refuses predictions of the targets' shape with more than one column, which may be either.
 *
 * <p>Your own score implements its formula:
 *
 * <pre>{@code
 * class NegativePredictiveValue extends ClassScore<NegativePredictiveValue> {
 *     NegativePredictiveValue(Average average) {
 *         super(average);
 *     }
 *
 *     protected double score(ClassCounts of) {
 *         return ClassCounts.ratio(of.trueNegatives(), of.trueNegatives() + of.falseNegatives());
 *     }
 * }
 * }</pre>
 *
 * @param <S> the score itself
 */
public abstract class ClassScore<S extends ClassScore<S>> extends ClassMetric<S> {
    private final Average average;
    private final ClassTable table = new ClassTable();
    private boolean multiLabel;
    /** The sum of the scores of all samples, each computed over the sample's labels. */
    private double sumOfSamples;

    /** A score averaged over the classes; for scores of one class the {@link #threshold} is ½. */
    protected ClassScore(Average average) {
        this.average = average;
    }

    @Override
    final long samples() {
        return table.samples();
    }

    /** The score of a class, of all classes together, or of the labels of a sample. */
    protected abstract double score(ClassCounts counts);

    /**
     * Takes samples with several labels each from here on.
     *
     * @throws IllegalArgumentException if the average is BINARY
     * @throws IllegalStateException after an update
     */
    @CanIgnoreReturnValue
    public S multiLabel() {
        if (average == Average.BINARY) {
            throw new IllegalArgumentException(name()
                    + ": BINARY is of one class of two; for several labels choose MACRO, MICRO, WEIGHTED or SAMPLES");
        }
        requireNoUpdate("multiLabel()");
        multiLabel = true;
        return self();
    }

    @Override
    public final void update(Tensor prediction, Tensor target) {
        String name = name();
        if (multiLabel) {
            ClassPredictions batch = ClassPredictions.ofLabels(name, prediction, target, threshold());
            table.addLabels(name, batch, target.shape().dim(1), sample -> sumOfSamples += score(sample));
            return;
        }
        if (average == Average.SAMPLES) {
            throw new IllegalArgumentException(
                    name + ": SAMPLES is for samples with several labels; call multiLabel() before the first update");
        }
        ClassPredictions batch = ClassPredictions.of(
                name, prediction, target, threshold(), average == Average.BINARY ? null : ClassPredictions.MULTI_LABEL);
        if (average == Average.BINARY && batch.largest() > 1) {
            throw new IllegalArgumentException(
                    name + ": class " + batch.largest() + " is not one of two; choose MACRO, MICRO or WEIGHTED");
        }
        table.add(name, batch);
    }

    @Override
    public final double value() {
        if (table.samples() == 0) {
            return Double.NaN;
        }
        return switch (average) {
            case BINARY -> score(table.classes() < 2 ? new ClassCounts(0, 0, 0, table.samples()) : table.counts(1));
            case MICRO -> score(table.sum());
            case MACRO -> table.mean(this::score, c -> multiLabel || table.occurs(c) ? 1 : 0);
            case WEIGHTED -> table.weightedMean(this::score);
            case SAMPLES -> sumOfSamples / table.samples();
        };
    }

    /**
     * The score of each class, or label, without an average: FLOAT64 {@code [C]} for the classes from 0 to the largest so far, or {@code
     * [L]}, including classes that occur neither among targets nor predictions.
     */
    public final NdArray perClass() {
        double[] scores = new double[table.classes()];
        Arrays.setAll(scores, c -> score(table.counts(c)));
        return NdArray.of(Shape.of(scores.length), scores);
    }

    @Override
    public final void reset() {
        table.reset();
        sumOfSamples = 0;
    }

    @Override
    public final void declareState(StateFields fields) {
        table.declareState(fields);
        fields.number("sumOfSamples", sumOfSamples, value -> sumOfSamples = value);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return described("average", average, null);
    }

    /** The description: the settings of the subclass, then the settings of all scores. */
    final String described(@Nullable Object... first) {
        Object[] all = Arrays.copyOf(first, first.length + 6);
        Object[] others = {"threshold", threshold(), OF_PROBABILITIES, "multiLabel", multiLabel, false};
        System.arraycopy(others, 0, all, first.length, others.length);
        return Settings.described(getClass(), all);
    }

    final Average average() {
        return average;
    }
}
