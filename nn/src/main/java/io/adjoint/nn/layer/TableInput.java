package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Layer;

/** Checks the input {@code [..., columns]} of the layers of a table, and names its cells in messages. */
final class TableInput {
    private TableInput() {}

    /** Refuses an input that is not floating, or has another number of columns. */
    static void require(Layer layer, Tensor x, int columns) {
        x.dtype().requireFloating(name(layer));
        int rank = x.shape().rank();
        if (rank == 0 || x.shape().dim(-1) != columns) {
            throw new ShapeException(name(layer) + ": expected rows of " + columns
                    + (columns == 1 ? " column" : " columns") + ", [..., " + columns + "], got " + x.shape());
        }
    }

    /**
     * The index that a cell holds.
     *
     * @param cell the cell's number in row-major order
     * @param count the number of categories of the cell's column
     * @throws IllegalArgumentException if the value is not a whole number from 0 to count − 1
     */
    static int index(Layer layer, double value, int cell, int columns, int count) {
        int index = (int) value;
        if (index == value && index >= 0 && index < count) {
            return index;
        }
        throw error(
                layer,
                value,
                cell,
                columns,
                Double.isNaN(value)
                        ? "a gap; give gaps an index of their own, or fill them first by FillMissing"
                        : index != value || index < 0
                                ? "no index of a category, which is a whole number from 0 on"
                                : "no index of this column's " + count + " categories, 0 to " + (count - 1)
                                        + "; give unknown categories an index of their own, or make the layer for more");
    }

    /** An error about the value of a cell, which is given by its number in row-major order. */
    static IllegalArgumentException error(Layer layer, double value, int cell, int columns, String problem) {
        return new IllegalArgumentException(name(layer) + ": " + value + " in row " + Math.floorDiv(cell, columns)
                + ", " + column(cell % columns) + ", is " + problem);
    }

    /** A column in messages; its number in the table differs if {@link Columns} gives the layer other columns than the first ones. */
    static String column(int column) {
        return "column " + column + " of this layer's columns";
    }

    static String name(Layer layer) {
        return layer.getClass().getSimpleName();
    }
}
