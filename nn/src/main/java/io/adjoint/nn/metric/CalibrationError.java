package io.adjoint.nn.metric;

import io.adjoint.core.StateFields;
import io.adjoint.nn.Settings;

/**
 * The expected calibration error: how far the confidence of predictions is from how often they are right, {@code Σ nᵦ/n·|oᵦ − pᵦ|} over
 * bins of equal width, with the mean confidence pᵦ and the fraction oᵦ of the bin's nᵦ samples that are right (Guo et al. 2017). Of
 * probabilities of class 1 the confidence is that probability, and a target of class 1 is right; of probabilities of each class it is the
 * largest one, and a target of that class is right.
 *
 * <p>Bin k of B, from 1 on, is ((k − 1)/B, k/B], and 0 is in the first, as in scikit-learn's {@code calibration_curve} with
 * {@code strategy="uniform"}. scikit-learn has no such error; {@link #curve()} has its numbers. See {@link ProbabilityMetric}.
 */
public final class CalibrationError extends ProbabilityMetric {
    private static final int USUAL_BINS = 15;

    private final int bins;
    private long[] counts;
    private long[] right;
    private double[] confidences;

    /** The error of 15 bins. */
    public CalibrationError() {
        this(USUAL_BINS);
    }

    /**
     * The error of a number of bins.
     *
     * @throws IllegalArgumentException if there are fewer than 1 or more than 10,000
     */
    public CalibrationError(int bins) {
        Settings.require(
                bins >= 1 && bins <= 10_000, CalibrationError.class, "number of bins", "be from 1 to 10000", bins);
        this.bins = bins;
        counts = new long[bins];
        right = new long[bins];
        confidences = new double[bins];
    }

    @Override
    void add(double[] p, int from, int classes, int actual, double eps) {
        int likeliest = 0;
        for (int c = 1; c < classes; c++) {
            likeliest = p[from + c] > p[from + likeliest] ? c : likeliest;
        }
        double confidence = p[from + likeliest];
        int bin = bin(confidence);
        counts[bin]++;
        right[bin] += actual == (classes > 1 ? likeliest : 1) ? 1 : 0;
        confidences[bin] += confidence;
    }

    /**
     * The index of the bin of a confidence. A bin has its upper edge but, except for the first one, not its lower edge; the edges are
     * computed as by NumPy's {@code linspace}.
     */
    private int bin(double confidence) {
        double width = 1.0 / bins;
        // This first guess is never too low: the product of the number of bins and a confidence above the lower edge of
        // a bin is never rounded to less than the bin's index.
        int bin = Math.min(bins - 1, (int) (confidence * bins));
        while (bin > 0 && confidence <= bin * width) {
            bin--;
        }
        return bin;
    }

    /** The confidences of the bins that have samples, and how often they are right. */
    public CalibrationCurve curve() {
        return CalibrationCurve.of(counts, confidences, right);
    }

    @Override
    public double value() {
        double sum = 0;
        long all = 0;
        for (int bin = 0; bin < bins; bin++) {
            sum += Math.abs(right[bin] - confidences[bin]);
            all += counts[bin];
        }
        return sum / all;
    }

    @Override
    public void reset() {
        counts = new long[bins];
        right = new long[bins];
        confidences = new double[bins];
    }

    @Override
    public void declareState(StateFields fields) {
        long[] loadedCounts = fields.longCounts("counts", counts, values -> counts = values);
        long[] loadedRight = fields.longCounts("right", right, values -> right = values);
        double[] loadedConfidences = fields.numbers("confidences", confidences, values -> confidences = values);
        fields.require(
                loadedCounts.length == bins && loadedRight.length == bins && loadedConfidences.length == bins,
                "'counts', 'right' and 'confidences' must have a number for each of " + bins + " bins, but have "
                        + loadedCounts.length + ", " + loadedRight.length + " and " + loadedConfidences.length);
    }

    /** The settings that are not as by default. */
    @Override
    public String toString() {
        return Settings.described(CalibrationError.class, "bins", bins, USUAL_BINS);
    }
}
