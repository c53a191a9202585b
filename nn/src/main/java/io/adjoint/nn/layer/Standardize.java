package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Buffer;

/**
 * Brings each column of a table to mean 0 and standard deviation 1: {@code (x − mean) / std}, scikit-learn's {@code StandardScaler}. The
 * means and deviations are computed from the rows of {@link #fit}; they are part of the model and of its state; training doesn't change
 * them. Gaps, which are NaN, stay gaps.
 *
 * <p>Shapes: input and output {@code [..., columns]}, FLOAT64 or FLOAT32; buffers {@code mean [columns]} and
 * {@code std [columns]} in FLOAT64, NaN until they are learned or loaded.
 */
public final class Standardize extends ColumnStatistics {
    private final Buffer mean;
    private final Buffer std;

    /**
     * A layer that computes once {@link #fit} has learned the means and deviations.
     *
     * @throws IllegalArgumentException if there is less than 1 column
     */
    public Standardize(int columns) {
        super(columns);
        NdArray unknown = NdArray.full(DType.FLOAT64, Shape.of(columns), Double.NaN);
        mean = buffer("mean", unknown);
        std = buffer("std", unknown);
    }

    /** A layer for the columns of the given rows, fitted to them as {@link #fit} says. */
    public static Standardize of(Tensor rows) {
        if (rows.shape().rank() == 0) {
            throw new ShapeException("Standardize: expected rows [..., columns], got " + rows.shape());
        }
        return new Standardize(rows.shape().dim(-1)).fit(rows);
    }

    /**
     * Learns the mean and the biased standard deviation of each column, without its gaps. The deviation of a column whose numbers are
     * equal, but for rounding, is set to 1, so that the column becomes 0.
     *
     * @param rows {@code [..., columns]}, of the training data only
     * @return this layer
     * @throws ShapeException if the number of columns differs
     * @throws io.adjoint.core.DTypeException if the rows are not floating
     * @throws IllegalArgumentException if there are no rows, a number is infinite, or a column has only gaps or numbers so large that
     *     their squares overflow; then nothing has changed
     */
    @CanIgnoreReturnValue
    public Standardize fit(Tensor rows) {
        fit(this, rows);
        return this;
    }

    @Override
    void learn(double[][] numbers) {
        double[] means = new double[columns];
        double[] deviations = new double[columns];
        for (int column = 0; column < columns; column++) {
            double[] x = numbers[column];
            requireNumbers(column, x, "leave it out");
            means[column] = mean(x);
            double variance = variance(means[column], x);
            if (!Double.isFinite(variance)) {
                throw new IllegalArgumentException("Standardize: the numbers of " + TableInput.column(column)
                        + " are so large that their squares overflow; divide them by a constant first");
            }
            deviations[column] = isConstant(means[column], variance, x.length) ? 1 : StrictMath.sqrt(variance);
        }
        assign(mean, means);
        assign(std, deviations);
    }

    /** The biased variance; the second term corrects the rounding of the mean. */
    private static double variance(double mean, double... numbers) {
        double squares = 0;
        double rest = 0;
        for (double number : numbers) {
            double difference = number - mean;
            squares += difference * difference;
            rest += difference;
        }
        return (squares - rest * rest / numbers.length) / numbers.length;
    }

    /** Returns whether a variance is within the rounding error of a constant column's, by scikit-learn's bound. */
    private static boolean isConstant(double mean, double variance, int n) {
        double eps = Math.ulp(1.0);
        double ofMean = n * mean * eps;
        return variance <= n * eps * variance + ofMean * ofMean;
    }

    /**
     * The standardized rows.
     *
     * @throws IllegalStateException if means and deviations have been neither learned nor loaded
     * @throws ShapeException if the number of columns differs
     * @throws io.adjoint.core.DTypeException if the input is not floating
     */
    @Override
    protected Tensor compute(Tensor x) {
        TableInput.require(this, x, columns);
        requireLearned();
        // In FLOAT64, since a mean that is large beside its deviation has no exact FLOAT32.
        return x.to(DType.FLOAT64).sub(of(mean)).div(of(std)).to(x.dtype());
    }

    /**
     * The rows in the original units, {@code y·std + mean}; the inverse of {@link #forward}, as for the predictions of a model that was
     * trained on a standardized target.
     *
     * @throws IllegalStateException if means and deviations have been neither learned nor loaded
     * @throws ShapeException if the number of columns differs
     * @throws io.adjoint.core.DTypeException if the input is not floating
     */
    public Tensor inverse(Tensor y) {
        TableInput.require(this, y, columns);
        requireLearned();
        return y.to(DType.FLOAT64).mul(of(std)).add(of(mean)).to(y.dtype());
    }

    private void requireLearned() {
        // One is enough, since all are learned or loaded together; a copy of all costs as much as the operations.
        if (Double.isNaN(std.value().get(0))) {
            throw notLearned("the means and deviations of columns");
        }
    }
}
