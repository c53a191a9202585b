package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.stream.IntStream;

/**
 * The mean confidence of predictions in each bin, and how often they are right, as of scikit-learn's {@code calibration_curve}: the numbers
 * of a reliability diagram. Bins without samples are left out. Made by {@link CalibrationError#curve()}.
 */
@CheckReturnValue
public final class CalibrationCurve {
    private final double[] counts;
    private final double[] confidence;
    private final double[] fraction;

    private CalibrationCurve(double[] counts, double[] confidence, double[] fraction) {
        this.counts = counts;
        this.confidence = confidence;
        this.fraction = fraction;
    }

    static CalibrationCurve of(long[] counts, double[] confidences, long[] right) {
        int[] bins =
                IntStream.range(0, counts.length).filter(bin -> counts[bin] > 0).toArray();
        return new CalibrationCurve(
                IntStream.of(bins).mapToDouble(bin -> counts[bin]).toArray(),
                IntStream.of(bins)
                        .mapToDouble(bin -> confidences[bin] / counts[bin])
                        .toArray(),
                IntStream.of(bins)
                        .mapToDouble(bin -> (double) right[bin] / counts[bin])
                        .toArray());
    }

    /** The numbers {@code [B]} of samples. */
    public NdArray counts() {
        return NdArray.of(Shape.of(counts.length), counts);
    }

    /** The mean confidences {@code [B]}: {@code prob_pred}. */
    public NdArray confidence() {
        return NdArray.of(Shape.of(confidence.length), confidence);
    }

    /** The fractions {@code [B]} of samples that are right: {@code prob_true}. */
    public NdArray fractionRight() {
        return NdArray.of(Shape.of(fraction.length), fraction);
    }

    /** A table of the bins. */
    @Override
    public String toString() {
        return CurveTable.of(new String[] {"confidence", "fraction right", "samples"}, confidence, fraction, counts);
    }
}
