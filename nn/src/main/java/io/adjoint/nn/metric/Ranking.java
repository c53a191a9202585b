package io.adjoint.nn.metric;

import io.adjoint.core.NdArray;
import io.adjoint.core.Order;
import io.adjoint.core.Shape;
import java.util.Arrays;

/**
 * The ranking of samples by their scores: for each distinct score, the numbers of samples of a class and of other samples with at least
 * that score.
 *
 * @param thresholds the distinct scores, the largest first
 * @param truePositives the number of samples of the class with a score of at least each threshold
 * @param falsePositives the number of other samples with a score of at least each threshold
 */
@SuppressWarnings("ArrayRecordComponent") // rankings are not compared
record Ranking(double[] thresholds, double[] truePositives, double[] falsePositives) {
    /** Ranks one or more samples by their scores; {@code positive} is true for the samples of the class. */
    static Ranking of(double[] scores, boolean[] positive) {
        int[] order = NdArray.wrap(Shape.of(scores.length), scores)
                .argSort(0, Order.DESCENDING)
                .toIntArray();
        double[] thresholds = new double[order.length];
        double[] truePositives = new double[order.length];
        double[] falsePositives = new double[order.length];
        int group = -1;
        double right = 0;
        for (int k = 0; k < order.length; k++) {
            double score = scores[order[k]];
            group += k == 0 || score != thresholds[group] ? 1 : 0;
            right += positive[order[k]] ? 1 : 0;
            thresholds[group] = score;
            truePositives[group] = right;
            falsePositives[group] = k + 1 - right;
        }
        return new Ranking(
                Arrays.copyOf(thresholds, group + 1),
                Arrays.copyOf(truePositives, group + 1),
                Arrays.copyOf(falsePositives, group + 1));
    }

    int size() {
        return thresholds.length;
    }

    /** The number of all samples of the class. */
    double positives() {
        return truePositives[size() - 1];
    }

    /** The number of all samples that are not of the class. */
    double negatives() {
        return falsePositives[size() - 1];
    }

    /** A ranking with only the thresholds at the given indices. */
    Ranking at(int... kept) {
        return new Ranking(picked(thresholds, kept), picked(truePositives, kept), picked(falsePositives, kept));
    }

    private static double[] picked(double[] values, int... indices) {
        return Arrays.stream(indices).mapToDouble(k -> values[k]).toArray();
    }
}
