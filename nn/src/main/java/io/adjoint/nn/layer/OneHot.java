package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Settings;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Makes of each column of category indices as many columns as it has categories: 1 in the column of the index, 0 in the others;
 * scikit-learn's {@code OneHotEncoder}. A gap, which is NaN, becomes zeros in all columns of its categories. There is nothing to train, no
 * state and no gradient.
 *
 * <p>Shapes: input {@code [..., columns]}, whole numbers in FLOAT64 or FLOAT32; output {@code [..., sum of the sizes]} of the same dtype.
 */
public final class OneHot extends Layer {
    private final int[] sizes;
    private final int width;

    /**
     * A layer of one column for each size.
     *
     * @param sizes the number of categories of each column; their indices are from 0 to size − 1
     * @throws IllegalArgumentException if there is none, one is less than 1, or their sum exceeds the range of int
     */
    public OneHot(int... sizes) {
        Settings.requireCount(OneHot.class, "number of columns", sizes.length);
        long sum = 0;
        for (int size : sizes) {
            sum += Settings.requireCount(OneHot.class, "number of categories", size);
        }
        Settings.require(sum <= Integer.MAX_VALUE, OneHot.class, "sum of the sizes", "be an int", sum);
        this.sizes = sizes.clone();
        width = (int) sum;
    }

    /**
     * The ones and zeros.
     *
     * @throws ShapeException if the number of columns differs
     * @throws io.adjoint.core.DTypeException if the input is not floating
     * @throws IllegalArgumentException if a number is not an index of its column's categories: a fraction, or out of range
     */
    @Override
    protected Tensor compute(Tensor x) {
        TableInput.require(this, x, sizes.length);
        int[] dims = x.shape().toArray();
        dims[dims.length - 1] = width;
        Shape shape = Shape.of("OneHot", dims);
        double[] cells = x.data().toDoubleArray();
        double[] ones = new double[shape.size()];
        int first = 0;
        for (int k = 0; k < cells.length; k++) {
            int size = sizes[k % sizes.length];
            if (!Double.isNaN(cells[k])) {
                ones[first + TableInput.index(this, cells[k], k, sizes.length, size)] = 1;
            }
            first += size;
        }
        return Tensor.of(ArrayElements.ofDoubles(x.dtype(), shape, ones));
    }

    /** The number of categories of each column. */
    public int[] sizes() {
        return sizes.clone();
    }

    @Override
    protected String describe() {
        return Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(", ")) + " -> " + width;
    }
}
