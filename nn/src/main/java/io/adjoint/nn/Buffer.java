package io.adjoint.nn;

import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;

/**
 * An array of a block that belongs to its state but is not trained, such as a running mean. Its shape and dtype are fixed; its value is
 * replaced as a whole, so a thread that reads it never sees half of a change.
 */
public final class Buffer {
    private volatile NdArray value;

    Buffer(NdArray initial) {
        value = initial.copy();
    }

    /** The current value, which stays as it is when the buffer gets another one. */
    public NdArray value() {
        return value;
    }

    /**
     * Replaces the value by a copy of the given array.
     *
     * @throws ShapeException if the shape differs
     * @throws DTypeException if the dtype differs
     */
    public void assign(NdArray next) {
        if (next.dtype() != value.dtype()) {
            throw new DTypeException("assign: the buffer is " + value.dtype() + ", but the array is " + next.dtype()
                    + "; convert it with to(" + value.dtype() + ")");
        }
        if (!next.shape().equals(value.shape())) {
            throw new ShapeException("assign: the buffer is " + value.shape() + ", but the array is " + next.shape());
        }
        value = next.copy();
    }
}
