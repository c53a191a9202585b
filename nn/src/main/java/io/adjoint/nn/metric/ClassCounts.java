package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * The confusion counts of a class, or of a label, against all others. Where a denominator is 0, as for a class that is never predicted, a
 * score is 0, as with scikit-learn's {@code zero_division=0}.
 *
 * @param truePositives the samples of the class that are predicted as it, TP
 * @param falsePositives the samples of other classes that are predicted as this class, FP
 * @param falseNegatives the samples of the class that are predicted as others, FN
 * @param trueNegatives the samples of other classes that are predicted as other classes, TN
 */
@CheckReturnValue
public record ClassCounts(long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {
    /** The number of samples that are predicted as the class, TP + FP. */
    public long predicted() {
        return truePositives + falsePositives;
    }

    /** The number of samples of the class, TP + FN: scikit-learn's {@code support}. */
    public long actual() {
        return truePositives + falseNegatives;
    }

    /** TP / (TP + FP). */
    public double precision() {
        return ratio(truePositives, predicted());
    }

    /** TP / (TP + FN). */
    public double recall() {
        return ratio(truePositives, actual());
    }

    /** TN / (TN + FP). */
    public double specificity() {
        return ratio(trueNegatives, trueNegatives + falsePositives);
    }

    /** TP / (TP + FP + FN). */
    public double jaccard() {
        return ratio(truePositives, predicted() + falseNegatives);
    }

    /** The weighted harmonic mean of precision and recall, (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP). */
    public double fBeta(double beta) {
        double square = beta * beta;
        return ratio((1 + square) * truePositives, square * actual() + predicted());
    }

    /** A fraction of two counts, which is 0 if its denominator is: for your own scores. */
    public static double ratio(long numerator, long denominator) {
        return ratio((double) numerator, (double) denominator);
    }

    /** A fraction, which is 0 if its denominator is. */
    public static double ratio(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }

    ClassCounts plus(ClassCounts other) {
        return new ClassCounts(
                truePositives + other.truePositives,
                falsePositives + other.falsePositives,
                falseNegatives + other.falseNegatives,
                trueNegatives + other.trueNegatives);
    }
}
