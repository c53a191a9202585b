package io.adjoint.nn.layer;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layers that learn numbers of each column, their buffers, from rows of a table. */
abstract sealed class ColumnStatistics extends Layer permits FillMissing, Standardize {
    final int columns;

    ColumnStatistics(int columns) {
        this.columns = Settings.requireCount(getClass(), "number of columns", columns);
    }

    /**
     * Predicts by a layer for rows, so that each of these layers in it learns from its own input before it computes, and no other layer
     * changes. Predictions of other threads teach nothing. All buffers are as before if it fails.
     */
    static void fit(Layer whole, Tensor rows) {
        Map<Buffer, NdArray> before = new LinkedHashMap<>();
        whole.namedBuffers().values().forEach(buffer -> before.put(buffer, buffer.value()));
        Thread fitting = Thread.currentThread();
        List<Hook> hooks = new ArrayList<>();
        whole.apply(block -> {
            if (block instanceof ColumnStatistics layer) {
                hooks.add(layer.beforeForward(x -> Thread.currentThread() == fitting ? layer.learnFrom(x) : x));
            }
        });
        boolean done = false;
        try {
            var unused = whole.predict(rows);
            done = true;
        } finally {
            hooks.forEach(Hook::remove);
            if (!done) {
                before.forEach(Buffer::assign);
            }
        }
    }

    private Tensor learnFrom(Tensor rows) {
        TableInput.require(this, rows, columns);
        if (rows.shape().size() == 0) {
            throw new IllegalArgumentException(TableInput.name(this) + ": there are no rows to fit it to, got "
                    + rows.shape() + "; give it the rows of the training data");
        }
        double[] cells = rows.data().toDoubleArray();
        double[][] numbers = new double[columns][Math.floorDiv(cells.length, columns)];
        int[] counts = new int[columns];
        for (int k = 0; k < cells.length; k++) {
            if (Double.isInfinite(cells[k])) {
                throw TableInput.error(
                        this, cells[k], k, columns, "no number to learn from; make it NaN if it is a gap");
            }
            if (!Double.isNaN(cells[k])) {
                int column = k % columns;
                numbers[column][counts[column]++] = cells[k];
            }
        }
        for (int column = 0; column < columns; column++) {
            numbers[column] = Arrays.copyOf(numbers[column], counts[column]);
        }
        learn(numbers);
        return rows;
    }

    /** Sets the buffers by the numbers of each column, from which gaps are left out. */
    abstract void learn(double[][] numbers);

    /** Refuses a column without numbers. */
    final void requireNumbers(int column, double[] numbers, String remedy) {
        if (numbers.length == 0) {
            throw new IllegalArgumentException(TableInput.name(this) + ": " + TableInput.column(column)
                    + " has nothing but gaps in the rows that it is fitted to; " + remedy);
        }
    }

    /** Replaces the value of a buffer, which {@link #to} may have made FLOAT32. */
    static void assign(Buffer buffer, double... values) {
        buffer.assign(
                NdArray.of(Shape.of(values.length), values).to(buffer.value().dtype()));
    }

    /** The value of a buffer in FLOAT64; {@link #to} may have made it FLOAT32. */
    static Tensor of(Buffer buffer) {
        return Tensor.of(buffer.value().to(DType.FLOAT64));
    }

    /** Makes the exception for numbers that have been neither learned nor loaded. */
    final IllegalStateException notLearned(String what) {
        return new IllegalStateException(TableInput.name(this) + ": it has not learned yet " + what
                + "; call fit(rows) of this layer or of the Columns around it, or load a state");
    }

    static double mean(double... numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        if (!Double.isInfinite(sum)) {
            return sum / numbers.length;
        }
        // The numbers are finite, only their sum isn't.
        double mean = 0;
        for (double number : numbers) {
            mean += number / numbers.length;
        }
        return mean;
    }

    @Override
    protected String describe() {
        return "" + columns;
    }
}
