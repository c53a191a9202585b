package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;
import java.util.Arrays;

/**
 * A measure of the order into which scores put samples. Predictions are scores of class 1, of the targets' shape {@code [N]} or {@code [N,
 * 1]}, for INT32 or BOOL targets, or floats 0 and 1; or scores of each class, {@code [N, C]}, for INT32 or BOOL targets {@code [N]}: then
 * the metric's value is the mean of its values for each class against the rest. After {@link #multiLabel()} both are {@code [N, L]},
 * targets are labels 0 or 1 of any dtype, or BOOL ones, and the metric's value is the mean of its values for all labels. All scores are
 * kept until the next reset, 8 bytes each; only their order matters, so logits do as well as probabilities if there are two classes.
 *
 * @param <M> the metric itself
 * @param <C> its curve
 */
public abstract sealed class RankingMetric<M extends RankingMetric<M, C>, C> implements Metric
        permits RocAuc, AveragePrecision {
    private double[] scores = new double[0];
    /** The class of each sample, or the labels of all samples, row by row. */
    private int[] targets = new int[0];

    private int samples;
    /** The number of scores for each sample; 0 before the first sample. */
    private int columns;

    private boolean multiLabel;

    RankingMetric() {}

    /** The curve of one class or label, from the ranking of the samples by their scores for it. */
    abstract C curve(Ranking ranking);

    /** The metric of one class or label, from its curve. */
    abstract double of(C curve);

    /**
     * Takes samples with several labels each from here on.
     *
     * @throws IllegalStateException after an update
     */
    @CanIgnoreReturnValue
    @SuppressWarnings("unchecked") // M is the type of this metric, as a subclass declares it
    public final M multiLabel() {
        ClassPredictions.requireNoUpdate(name(), "multiLabel()", samples);
        multiLabel = true;
        return (M) this;
    }

    private String name() {
        return getClass().getSimpleName();
    }

    @Override
    public final void update(Tensor prediction, Tensor target) {
        String name = name();
        Shape shape = prediction.shape();
        if (multiLabel) {
            ClassPredictions.requireLabels(name, prediction, target);
        } else {
            requireScores(prediction, target);
        }
        prediction.dtype().requireFloating(name);
        int width = shape.rank() == 1 ? 1 : shape.dim(1);
        if (columns != 0 && width != columns) {
            throw new ShapeException(
                    name + ": got scores " + shape + ", but those before had " + columns + " for each sample");
        }
        int[] actual = multiLabel
                ? ClassPredictions.labels(name, target)
                : width == 1 ? ClassPredictions.targets(name, target) : ClassPredictions.classes(name, target);
        ClassPredictions.requireBelow(name, Math.max(2, width), actual);
        double[] added = prediction.data().toDoubleArray();
        for (int k = 0; k < added.length; k++) {
            ClassPredictions.requireNumber(name, added[k], k);
        }
        int all = Math.addExact(samples, shape.dim(0));
        if ((long) all * width > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    name + ": " + all + " samples with " + width + " scores are too many to keep");
        }
        int targetWidth = multiLabel ? width : 1;
        if ((long) all * width > scores.length) {
            int room = (int) Math.min((Integer.MAX_VALUE - 8L) / width, Math.max(all, 2L * samples));
            scores = Arrays.copyOf(scores, room * width);
            targets = Arrays.copyOf(targets, room * targetWidth);
        }
        System.arraycopy(added, 0, scores, samples * width, added.length);
        System.arraycopy(actual, 0, targets, samples * targetWidth, actual.length);
        columns = width;
        samples = all;
    }

    private void requireScores(Tensor prediction, Tensor target) {
        Shape shape = prediction.shape();
        if (shape.rank() == 2 && shape.dim(1) == 1 && shape.equals(target.shape())) {
            return;
        }
        if (target.shape().rank() != 1
                || shape.rank() < 1
                || shape.rank() > 2
                || shape.dim(0) != target.shape().dim(0)
                || (shape.rank() == 2 && shape.dim(1) < 2)) {
            throw new ShapeException(
                    name() + ": expected scores [N] of class 1, or [N, C] of two or more classes, for targets"
                            + " [N], or [N, 1] for [N, 1], got " + shape + " for " + target.shape()
                            + (target.shape().rank() == 2 && shape.equals(target.shape())
                                    ? "; for labels use " + ClassPredictions.MULTI_LABEL
                                    : ""));
        }
    }

    @Override
    public final double value() {
        if (samples == 0) {
            return Double.NaN;
        }
        double sum = 0;
        for (double score : each()) {
            sum += score;
        }
        return sum / columns;
    }

    /**
     * The score of each class against the rest, or of each label, FLOAT64 {@code [C]} or {@code [L]}; the score of class 1 alone, {@code
     * [1]}, if predictions are its scores; {@code [0]} before the first prediction.
     */
    public final NdArray perClass() {
        double[] each = samples == 0 ? new double[0] : each();
        return NdArray.wrap(Shape.of(each.length), each);
    }

    private double[] each() {
        double[] each = new double[columns];
        Arrays.setAll(each, column -> of(curve(ranking(column))));
        return each;
    }

    /**
     * The curve of the scores of class 1.
     *
     * @throws IllegalStateException if there are no predictions yet, or scores of several classes
     */
    public final C curve() {
        if (columns > 1) {
            throw new IllegalStateException(name() + ": there are " + columns
                    + " scores for each sample, and a curve for each; choose one by curve(index)");
        }
        return curveOf(0);
    }

    /**
     * The curve of a class against the rest, or of a label.
     *
     * @throws IllegalArgumentException if there is no such class or label
     * @throws IllegalStateException if there are no predictions yet
     */
    public final C curve(int index) {
        if (columns == 1 || index < 0 || (columns > 0 && index >= columns)) {
            throw new IllegalArgumentException(name() + ": there is no curve " + index
                    + (columns == 1 ? "; the scores are of class 1 alone, whose is curve()" : " of " + columns));
        }
        return curveOf(index);
    }

    private C curveOf(int column) {
        if (samples == 0) {
            throw new IllegalStateException(name() + ": there is no curve before the first prediction");
        }
        return curve(ranking(column));
    }

    private Ranking ranking(int column) {
        double[] own = new double[samples];
        boolean[] positive = new boolean[samples];
        for (int k = 0; k < samples; k++) {
            own[k] = scores[k * columns + column];
            positive[k] = multiLabel ? targets[k * columns + column] == 1 : targets[k] == (columns == 1 ? 1 : column);
        }
        return Ranking.of(own, positive);
    }

    @Override
    public final void reset() {
        scores = new double[0];
        targets = new int[0];
        samples = 0;
        columns = 0;
    }

    @Override
    public final void declareState(StateFields fields) {
        double[] allScores = fields.numbers("scores", Arrays.copyOf(scores, samples * columns));
        int[] kept = Arrays.copyOf(targets, multiLabel ? samples * columns : samples);
        long[] actual =
                fields.longCounts("targets", Arrays.stream(kept).asLongStream().toArray());
        long all = fields.longCount("samples", samples);
        long width = fields.longCount("columns", columns);
        fields.require(
                Math.max(all, width) <= Integer.MAX_VALUE
                        && allScores.length == all * width
                        && actual.length == (multiLabel ? all * width : all),
                all + " samples with " + width + " columns cannot have " + allScores.length + " scores and "
                        + actual.length + " targets");
        fields.require(
                Arrays.stream(actual).allMatch(target -> target < Math.max(2, width)),
                "a target is no class or label of " + Math.max(2, width));
        fields.onLoad(() -> {
            scores = allScores;
            targets = Arrays.stream(actual).mapToInt(target -> (int) target).toArray();
            samples = (int) all;
            columns = (int) width;
        });
    }

    /** The settings that are not as by default. */
    @Override
    public final String toString() {
        return Settings.described(getClass(), "multiLabel", multiLabel, false);
    }
}
