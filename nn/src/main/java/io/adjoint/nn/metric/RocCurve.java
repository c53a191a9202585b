package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The receiver operating characteristic: the rates of true and of false positives at each threshold, as of scikit-learn's
 * {@code roc_curve} with {@code drop_intermediate=False}. A sample is predicted as the class if its score is not below the threshold. The
 * first threshold is ∞, at which none is; the others are the distinct scores, from the largest on. Made by {@link RocAuc#curve()}.
 */
@CheckReturnValue
public final class RocCurve {
    private final Ranking ranking;

    RocCurve(Ranking ranking) {
        this.ranking = ranking;
    }

    /** The thresholds {@code [T]}, falling from ∞. */
    public NdArray thresholds() {
        return array(withFirst(Double.POSITIVE_INFINITY, ranking.thresholds()));
    }

    /** The fractions {@code [T]} of other samples that are predicted as the class; NaN if there are none. */
    public NdArray falsePositiveRate() {
        return array(rates(ranking.falsePositives(), ranking.negatives()));
    }

    /** The fractions {@code [T]} of samples of the class that are predicted as it; NaN if there are none. */
    public NdArray truePositiveRate() {
        return array(rates(ranking.truePositives(), ranking.positives()));
    }

    private static double[] rates(double[] counts, double all) {
        return Arrays.stream(withFirst(0, counts))
                .map(count -> all == 0 ? Double.NaN : count / all)
                .toArray();
    }

    private static double[] withFirst(double first, double[] others) {
        double[] all = new double[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    private static NdArray array(double[] values) {
        return NdArray.wrap(Shape.of(values.length), values);
    }

    /** The area under the curve by the trapezoidal rule: the value of {@link RocAuc}. */
    public double area() {
        double pairs = 0;
        double above = 0;
        double below = 0;
        for (int k = 0; k < ranking.size(); k++) {
            double right = ranking.truePositives()[k];
            double wrong = ranking.falsePositives()[k];
            pairs += (wrong - below) * (above + right) / 2;
            above = right;
            below = wrong;
        }
        return pairs / (ranking.positives() * ranking.negatives());
    }

    /**
     * This curve without points between two others on a line, as of scikit-learn's {@code roc_curve} by default: those where neither the
     * number of true nor the number of false positives changes its slope over the thresholds.
     */
    public RocCurve withoutIntermediate() {
        double[] right = ranking.truePositives();
        double[] wrong = ranking.falsePositives();
        int last = ranking.size() - 1;
        return new RocCurve(ranking.at(IntStream.rangeClosed(0, last)
                .filter(k -> k == 0 || k == last || bends(right, k) || bends(wrong, k))
                .toArray()));
    }

    private static boolean bends(double[] counts, int k) {
        return counts[k + 1] - counts[k] != counts[k] - counts[k - 1];
    }

    /** A table of the thresholds with their rates; of more than 20 thresholds 20 at equal distances. */
    @Override
    public String toString() {
        return CurveTable.of(
                new String[] {"threshold", "false positive rate", "true positive rate"},
                thresholds().toDoubleArray(),
                falsePositiveRate().toDoubleArray(),
                truePositiveRate().toDoubleArray());
    }
}
