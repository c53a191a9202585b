package io.adjoint.nn.layer;

import static io.adjoint.autograd.Edge.edge;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.LibraryOps;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fills the gaps of a table, which are NaN, by a number for each column: the mean, median or most frequent number of the rows of
 * {@link #fit}, or a constant; scikit-learn's {@code SimpleImputer}. The numbers are part of the model and of its state; training doesn't
 * change them. {@link MissingIndicator} tells a model where the gaps were.
 *
 * <p>Shapes: input and output {@code [..., columns]}, FLOAT64 or FLOAT32; buffer {@code value [columns]} in FLOAT64, NaN until it is
 * learned or loaded. The gradient of a gap is 0.
 */
public final class FillMissing extends ColumnStatistics {
    private final @Nullable Strategy strategy;
    private final Buffer value;

    /** The number that fills the gaps of a column. */
    public enum Strategy {
        /** The mean of the column's numbers. */
        MEAN,
        /** The median of the column's numbers, the mean of the two in the middle if their count is even. */
        MEDIAN,
        /** The most frequent number of the column, the smallest of several; for indices of categories. */
        MOST_FREQUENT
    }

    /** A layer that fills gaps by the mean of their column, once {@link #fit} has learned it. */
    public FillMissing(int columns) {
        this(columns, Strategy.MEAN);
    }

    /**
     * A layer that fills gaps by numbers that {@link #fit} learns.
     *
     * @throws IllegalArgumentException if there is less than 1 column
     */
    public FillMissing(int columns, Strategy strategy) {
        this(columns, Objects.requireNonNull(strategy, "strategy"), Double.NaN);
    }

    private FillMissing(int columns, @Nullable Strategy strategy, double initial) {
        super(columns);
        this.strategy = strategy;
        value = buffer("value", NdArray.full(DType.FLOAT64, Shape.of(columns), initial));
    }

    /**
     * A layer that fills gaps by constants, which {@link #fit} leaves as they are.
     *
     * @param values the number for each column
     * @throws IllegalArgumentException if there is none, or one is infinite or NaN
     */
    public static FillMissing with(double... values) {
        FillMissing layer = new FillMissing(values.length, null, 0);
        for (double number : values) {
            Settings.requireFinite(FillMissing.class, "value", number);
        }
        assign(layer.value, values);
        return layer;
    }

    /**
     * Learns the number for each column.
     *
     * @param rows {@code [..., columns]}, of the training data only
     * @return this layer
     * @throws ShapeException if the number of columns differs
     * @throws io.adjoint.core.DTypeException if the rows are not floating
     * @throws IllegalArgumentException if there are no rows, a number is infinite, or a column has only gaps; then nothing has changed
     */
    @CanIgnoreReturnValue
    public FillMissing fit(Tensor rows) {
        fit(this, rows);
        return this;
    }

    @Override
    void learn(double[][] numbers) {
        if (strategy == null) {
            return;
        }
        double[] values = new double[columns];
        for (int column = 0; column < columns; column++) {
            double[] x = numbers[column];
            requireNumbers(column, x, "leave it out, or fill it by a constant: FillMissing.with(…)");
            values[column] = switch (strategy) {
                case MEAN -> mean(x);
                case MEDIAN -> median(x);
                case MOST_FREQUENT -> mostFrequent(x);
            };
        }
        assign(value, values);
    }

    private static double median(double... numbers) {
        Arrays.sort(numbers);
        int middle = numbers.length / 2;
        return numbers.length % 2 == 1 ? numbers[middle] : mean(numbers[middle - 1], numbers[middle]);
    }

    private static double mostFrequent(double... numbers) {
        Arrays.sort(numbers);
        double best = numbers[0];
        int most = 0;
        int run = 0;
        for (int k = 0; k < numbers.length; k++) {
            run = k > 0 && numbers[k] == numbers[k - 1] ? run + 1 : 1;
            if (run > most) {
                most = run;
                best = numbers[k];
            }
        }
        return best;
    }

    /**
     * The rows without gaps.
     *
     * @throws IllegalStateException if the numbers have been neither learned nor loaded
     * @throws ShapeException if the number of columns differs
     * @throws io.adjoint.core.DTypeException if the input is not floating
     */
    @Override
    protected Tensor compute(Tensor x) {
        TableInput.require(this, x, columns);
        double[] fill = value.value().toDoubleArray();
        for (double number : fill) {
            if (Double.isNaN(number)) {
                throw notLearned("how to fill gaps");
            }
        }
        // One pass; where(x.isNaN(), value, x) makes a mask besides.
        double[] cells = x.data().toDoubleArray();
        for (int k = 0; k < cells.length; k++) {
            if (Double.isNaN(cells[k])) {
                cells[k] = fill[k % columns];
            }
        }
        return LibraryOps.op(
                "fillMissing",
                ArrayElements.ofDoubles(x.dtype(), x.shape(), cells),
                edge(x, g -> Tensor.where(x.isNaN(), 0, g)));
    }

    @Override
    protected String describe() {
        return super.describe() + ", "
                + (strategy == null
                        ? "constant"
                        : strategy.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
}
