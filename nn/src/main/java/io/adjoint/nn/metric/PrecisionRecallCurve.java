package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Precision and recall at each threshold, as of scikit-learn's {@code precision_recall_curve}. A sample is predicted as the class if its
 * score is not below the threshold. Thresholds are the distinct scores, from the smallest on, so that recall falls; after them there is a
 * point without a threshold, of precision 1 and recall 0. Made by {@link AveragePrecision#curve()}.
 */
@CheckReturnValue
public final class PrecisionRecallCurve {
    private final Ranking ranking;

    PrecisionRecallCurve(Ranking ranking) {
        this.ranking = ranking;
    }

    /** The thresholds {@code [T]}, rising. */
    public NdArray thresholds() {
        int size = ranking.size();
        return array(IntStream.range(0, size)
                .mapToDouble(k -> ranking.thresholds()[size - 1 - k])
                .toArray());
    }

    /** The fractions {@code [T + 1]} of samples predicted as the class that are of it, and 1. */
    public NdArray precision() {
        return array(points(1, this::precision));
    }

    /** The fractions {@code [T + 1]} of samples of the class that are predicted as it, and 0; 1 if there are none. */
    public NdArray recall() {
        return array(points(0, this::recall));
    }

    private double[] points(double last, IntToDoubleFunction point) {
        int size = ranking.size();
        return IntStream.rangeClosed(0, size)
                .mapToDouble(k -> k == size ? last : point.applyAsDouble(size - 1 - k))
                .toArray();
    }

    private double precision(int group) {
        double right = ranking.truePositives()[group];
        return right / (right + ranking.falsePositives()[group]);
    }

    private double recall(int group) {
        return ranking.positives() == 0 ? 1 : ranking.truePositives()[group] / ranking.positives();
    }

    private static NdArray array(double[] values) {
        return NdArray.wrap(Shape.of(values.length), values);
    }

    /**
     * The area under the curve by the trapezoidal rule, scikit-learn's {@code auc(recall, precision)}. It connects points by lines, which
     * no threshold reaches, and so is too optimistic: {@link #averagePrecision()} is the usual figure.
     */
    public double area() {
        double sum = 0;
        double recall = 0;
        double precision = 1;
        for (int k = 0; k < ranking.size(); k++) {
            sum += (recall(k) - recall) * (precision(k) + precision) / 2;
            recall = recall(k);
            precision = precision(k);
        }
        return sum;
    }

    /** The sum of the precisions, each times the growth of recall there: the value of {@link AveragePrecision}. */
    public double averagePrecision() {
        double before = 0;
        double sum = 0;
        for (int k = 0; k < ranking.size(); k++) {
            double right = ranking.truePositives()[k];
            sum += (right - before) * right / (right + ranking.falsePositives()[k]);
            before = right;
        }
        return ranking.positives() == 0 ? 0 : sum / ranking.positives();
    }

    /**
     * This curve without points of the same recall as both their neighbours, as of scikit-learn's {@code precision_recall_curve} with
     * {@code drop_intermediate=True}.
     */
    public PrecisionRecallCurve withoutIntermediate() {
        double[] right = ranking.truePositives();
        int last = ranking.size() - 1;
        return new PrecisionRecallCurve(ranking.at(IntStream.rangeClosed(0, last)
                .filter(k -> k == 0 || k == last || right[k] != right[k - 1] || right[k + 1] != right[k])
                .toArray()));
    }

    /** A table of the thresholds with precision and recall; of more than 20 thresholds 20 at equal distances. */
    @Override
    public String toString() {
        return CurveTable.of(
                new String[] {"threshold", "precision", "recall"},
                thresholds().toDoubleArray(),
                precision().toDoubleArray(),
                recall().toDoubleArray());
    }
}
