package io.adjoint.nn.metric;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.Map;

/**
 * A figure of the order that scores put samples into. Predictions are scores of class 1, {@code [N]}, or of each class, {@code [N, C]}:
 * then the figure is the mean of those of each class against the rest. Targets are INT32, or BOOL, {@code [N]}. All scores are kept until
 * the next reset, 8 bytes each; only their order matters, so logits do as well as probabilities if there are two classes.
 */
public abstract sealed class RankingMetric implements Metric permits RocAuc, AveragePrecision {
    private double[] scores = new double[0];
    private int[] targets = new int[0];
    private int samples;
    /** The number of scores for each sample; 0 before the first. */
    private int columns;

    private final MetricState state = new MetricState(getClass())
            .numbers("scores", () -> Arrays.copyOf(scores, samples * columns), value -> scores = value)
            .counts(
                    "targets",
                    () -> Arrays.stream(targets, 0, samples).asLongStream().toArray(),
                    value -> {
                        targets = Arrays.stream(value)
                                .mapToInt(target -> (int) target)
                                .toArray();
                        samples = targets.length;
                    })
            .count("columns", () -> columns, value -> columns = (int) value)
            .fits(() -> scores.length == (long) samples * columns && (samples == 0 || columns > 0));

    RankingMetric() {}

    /**
     * The figure of one class.
     *
     * @param positive the numbers of its samples in each group of equal scores, from the largest score on
     * @param negative those of other samples
     */
    abstract double of(double[] positive, double[] negative);

    @Override
    public final void update(Tensor prediction, Tensor target) {
        String name = getClass().getSimpleName();
        Shape shape = prediction.shape();
        if (target.shape().rank() != 1
                || shape.rank() < 1
                || shape.rank() > 2
                || shape.dim(0) != target.shape().dim(0)
                || (shape.rank() == 2 && shape.dim(1) < 2)) {
            throw new ShapeException(
                    name + ": expected scores [N] of class 1, or [N, C] of two or more classes, for targets"
                            + " [N], got " + shape + " for " + target.shape()
                            + (target.shape().rank() == 2 && shape.equals(target.shape())
                                    ? "; of several labels there is a " + name + " for each, of select(1, label)"
                                    : ""));
        }
        prediction.dtype().requireFloating(name);
        int width = shape.rank() == 1 ? 1 : shape.dim(1);
        if (columns != 0 && width != columns) {
            throw new ShapeException(
                    name + ": got scores " + shape + ", but those before had " + columns + " for each sample");
        }
        int[] actual = ClassPredictions.classes(name, target);
        ClassPredictions.requireBelow(name, Math.max(2, width), actual);
        double[] added = prediction.data().toDoubleArray();
        for (int k = 0; k < added.length; k++) {
            ClassPredictions.requireNumber(name, added[k], k);
        }
        int all = Math.addExact(samples, actual.length);
        if ((long) all * width > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    name + ": " + all + " samples with " + width + " scores are too many to keep");
        }
        columns = width;
        if (all > targets.length) {
            int room = (int) Math.min((Integer.MAX_VALUE - 8L) / width, Math.max(all, 2L * targets.length));
            scores = Arrays.copyOf(scores, room * width);
            targets = Arrays.copyOf(targets, room);
        }
        System.arraycopy(added, 0, scores, samples * width, added.length);
        System.arraycopy(actual, 0, targets, samples, actual.length);
        samples = all;
    }

    @Override
    public final double value() {
        if (samples == 0) {
            return Double.NaN;
        } else if (columns == 1) {
            return ofClass(1, 0);
        }
        double sum = 0;
        for (int c = 0; c < columns; c++) {
            sum += ofClass(c, c);
        }
        return sum / columns;
    }

    private double ofClass(int positiveClass, int column) {
        double[] own = new double[samples];
        for (int k = 0; k < samples; k++) {
            own[k] = scores[k * columns + column];
        }
        int[] order = NdArray.wrap(Shape.of(samples), own).argSort(0, true).toIntArray();
        double[] positive = new double[samples];
        double[] negative = new double[samples];
        int group = 0;
        for (int k = 0; k < samples; k++) {
            group += k > 0 && own[order[k]] != own[order[k - 1]] ? 1 : 0;
            (targets[order[k]] == positiveClass ? positive : negative)[group]++;
        }
        return of(Arrays.copyOf(positive, group + 1), Arrays.copyOf(negative, group + 1));
    }

    @Override
    public final void reset() {
        scores = new double[0];
        targets = new int[0];
        samples = 0;
        columns = 0;
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
        return Settings.described(getClass());
    }
}
