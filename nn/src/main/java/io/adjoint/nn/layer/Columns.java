package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Applies layers to columns of a table and joins their outputs; scikit-learn's {@code ColumnTransformer}. Numbers are standardized,
 * categories, which the table has as indices, become one-hot columns or trained vectors:
 *
 * <pre>{@code
 * Columns encoder = new Columns()
 *         .add(0, 3, new Sequential(new FillMissing(3), new Standardize(3)))
 *         .add(0, 3, new MissingIndicator())
 *         .add(3, 5, new OneHot(4, 7))
 *         .add(5, 6, new Sequential(new ToIndices(), new Embedding(12, 3, init), new Flatten(-2)))
 *         .fit(trainingRows);
 * Layer model = new Sequential(encoder, new Dense(3 + 3 + 11 + 3, 32, init), new ReLU(), new Dense(32, 1, init));
 * }</pre>
 *
 * <p>Layers are registered as {@code 0}, {@code 1}, … A column may be taken several times. One that no layer takes is an error; {@code
 * add(k, k + 1, new Identity())} passes column k on as it is. Messages of a layer count its own columns, from 0 on.
 *
 * <p>Shapes: input {@code [..., columns]}, FLOAT64 or FLOAT32; output {@code [..., sum of the layers' widths]}.
 */
public final class Columns extends Layer {
    private final List<Layer> layers = new ArrayList<>();
    /** The first column of each layer and the column behind its last one. */
    private final List<Integer> from = new ArrayList<>();

    private final List<Integer> to = new ArrayList<>();
    private int columns;
    /** The first column that no layer takes; the number of columns if there is none. */
    private int firstFree;

    /** An encoder without layers; {@link #add} adds them. */
    public Columns() {}

    /**
     * Adds a layer, whose output comes behind the outputs of the layers before it.
     *
     * @param from the first of its columns
     * @param to the column behind the last of them
     * @param layer makes {@code [..., width]} of {@code [..., to − from]}
     * @return this object
     * @throws IllegalArgumentException if from is negative or not less than to, or the layer is null or contains this one
     */
    @CanIgnoreReturnValue
    public Columns add(int from, int to, Layer layer) {
        Settings.require(
                0 <= from && from < to,
                Columns.class,
                "columns",
                "be from a first one up to a later one",
                from + ":" + to);
        layers.add(child(Integer.toString(layers.size()), layer));
        this.from.add(from);
        this.to.add(to);
        columns = Math.max(columns, to);
        for (int end = endOfTaken(firstFree); end > firstFree; end = endOfTaken(firstFree)) {
            firstFree = end;
        }
        return this;
    }

    /** The end of a layer that takes a column; the column itself if no layer does. */
    private int endOfTaken(int column) {
        return IntStream.range(0, layers.size())
                .filter(k -> from.get(k) <= column && column < to.get(k))
                .map(to::get)
                .max()
                .orElse(column);
    }

    /**
     * Fits all {@link FillMissing} and {@link Standardize} in the layers, in the order in which they compute: each learns from the rows as
     * the layers before it transform them.
     *
     * @param rows {@code [..., columns]}, of the training data only
     * @return this object
     * @throws RuntimeException as {@link #forward} and these layers' {@code fit} do; then nothing has changed
     */
    @CanIgnoreReturnValue
    public Columns fit(Tensor rows) {
        ColumnStatistics.fit(this, rows);
        return this;
    }

    /**
     * The outputs side by side.
     *
     * @throws ShapeException if the input has another number of columns than the layers take, or a layer's output has other rows
     * @throws io.adjoint.core.DTypeException if the input is not floating
     * @throws IllegalStateException if there are no layers, or none takes some column
     */
    @Override
    protected Tensor compute(Tensor x) {
        if (columns == 0) {
            throw new IllegalStateException("Columns: there are no layers; add one, add(0, 3, new Standardize(3))");
        } else if (firstFree < columns) {
            throw new IllegalStateException(noLayerTakes(firstFree, x));
        } else if (x.shape().rank() > 0 && x.shape().dim(-1) > columns) {
            throw new ShapeException(noLayerTakes(columns, x));
        }
        TableInput.require(this, x, columns);
        int axis = x.shape().rank() - 1;
        Tensor[] columns = new Tensor[layers.size()];
        for (int k = 0; k < columns.length; k++) {
            columns[k] = layers.get(k).forward(x.slice(axis, from.get(k), to.get(k)));
        }
        return Tensor.concat(axis, columns);
    }

    private static String noLayerTakes(int column, Tensor x) {
        return "Columns: no layer takes column " + column + " of " + x.shape() + "; pass it on by add(" + column + ", "
                + (column + 1) + ", new Identity()), or leave it out of the table";
    }

    /**
     * The first column of a layer.
     *
     * @hidden
     * @throws IndexOutOfBoundsException if there is no layer of this number
     */
    public int first(int layer) {
        return from.get(Settings.requireIndex(Columns.class, "layer", layer, layers.size()));
    }

    /**
     * The column behind a layer's last one.
     *
     * @hidden
     * @throws IndexOutOfBoundsException if there is no layer of this number
     */
    public int end(int layer) {
        return to.get(Settings.requireIndex(Columns.class, "layer", layer, layers.size()));
    }

    @Override
    protected String describe() {
        return IntStream.range(0, layers.size())
                .mapToObj(k -> from.get(k) + ":" + to.get(k))
                .collect(Collectors.joining(", "));
    }
}
