package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.nn.Layer;

/**
 * Makes INT32 indices of the category indices that a table has as floating numbers, as an {@link Embedding} needs them.
 *
 * <pre>{@code new Sequential(new ToIndices(), new Embedding(12, 3, init), new Flatten(-2))}</pre>
 *
 * <p>Shapes: input {@code [..., columns]}, whole numbers in FLOAT64 or FLOAT32; output of the same shape. There is no gradient.
 */
public final class ToIndices extends Layer {
    /** A layer of indices. */
    public ToIndices() {}

    /**
     * The indices.
     *
     * @throws io.adjoint.core.DTypeException if the input is not floating
     * @throws IllegalArgumentException if a number is negative, a fraction, a gap, or above the range of INT32
     */
    @Override
    protected Tensor compute(Tensor x) {
        TableInput.require(this, x, x.shape().rank() == 0 ? 1 : x.shape().dim(-1));
        double[] cells = x.data().toDoubleArray();
        int[] indices = new int[cells.length];
        for (int k = 0; k < cells.length; k++) {
            indices[k] = TableInput.index(this, cells[k], k, x.shape().dim(-1), Integer.MAX_VALUE);
        }
        return Tensor.of(ArrayElements.adopt(DType.INT32, x.shape(), indices));
    }
}
