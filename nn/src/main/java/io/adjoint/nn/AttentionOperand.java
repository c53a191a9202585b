package io.adjoint.nn;

import io.adjoint.core.ArrayElements;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.loops.ProductLoops.Matrix;
import java.util.Arrays;

/**
 * An operand or a result of an attention: matrices {@code [..., rows, columns]} that are read or written in the array's own memory. The
 * batch axes broadcast to the attention's batch axes; the last two axes of a mask may broadcast, too.
 */
final class AttentionOperand {
    private final DType dtype;
    private final Object elements;
    private final int offset;
    private final int[] dims;
    private final int[] strides;
    /** The sizes of the attention's batch axes. */
    private final int[] batch;

    AttentionOperand(NdArray array, Shape batch) {
        ArrayElements inPlace = ArrayElements.inPlace(array);
        this.dtype = array.dtype();
        this.elements = inPlace.array();
        this.offset = inPlace.offset();
        this.dims = array.shape().toArray();
        this.strides = ArrayElements.strides(array);
        this.batch = batch.toArray();
    }

    /** A shape without its last {@code dropped} axes. */
    static Shape leading(Shape shape, int dropped) {
        return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - dropped));
    }

    boolean isBool() {
        return dtype == DType.BOOL;
    }

    /** The Java array in which the elements lie. */
    Object elements() {
        return elements;
    }

    /** The matrix of a batch entry. */
    Matrix matrix(int entry) {
        int last = dims.length - 1;
        return new Matrix(elements, start(entry), dims[last - 1], dims[last], strides[last - 1], strides[last]);
    }

    /** The stride of an axis counted from the last; 0 if the axis is broadcast. */
    int stride(int back) {
        int axis = dims.length - back;
        return axis < 0 || dims[axis] == 1 ? 0 : strides[axis];
    }

    /** The index of the first element of a batch entry. */
    int start(int entry) {
        return offset + offset(batch, entry, dims, strides, 2);
    }

    /**
     * The offset, in elements, of a batch entry's first element in an array whose batch axes broadcast. The last {@code last} axes of
     * {@code dims} are no batch axes.
     */
    static int offset(int[] batch, int entry, int[] dims, int[] strides, int last) {
        int offset = 0;
        int rest = entry;
        for (int axis = batch.length - 1; axis >= 0; axis--) {
            int own = axis + dims.length - last - batch.length;
            if (own >= 0 && dims[own] != 1) {
                offset += rest % batch[axis] * strides[own];
            }
            rest /= batch[axis];
        }
        return offset;
    }
}
