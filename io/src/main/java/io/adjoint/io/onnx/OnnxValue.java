package io.adjoint.io.onnx;

import io.adjoint.core.DType;
import java.util.Arrays;

/** A tensor that a graph of ONNX computes: its name, type and sizes. */
public final class OnnxValue {
    /** The size of the axis of the batch, which the file leaves open. */
    public static final int BATCH = -1;

    private final String name;
    private final DType dtype;
    private final int[] dims;

    OnnxValue(String name, DType dtype, int... dims) {
        this.name = name;
        this.dtype = dtype;
        this.dims = dims.clone();
    }

    /** The name in the file. */
    public String name() {
        return name;
    }

    /** The type: FLOAT32, INT32 or BOOL. */
    public DType dtype() {
        return dtype;
    }

    /** The sizes; that of the batch is {@link #BATCH}. */
    public int[] dims() {
        return dims.clone();
    }

    /** The number of axes. */
    public int rank() {
        return dims.length;
    }

    /** The size of an axis; a negative one counts from the end. */
    public int dim(int axis) {
        return dims[axis < 0 ? axis + dims.length : axis];
    }

    /** The sizes with another one of an axis; a negative axis counts from the end. */
    public int[] with(int axis, int size) {
        int[] changed = dims.clone();
        changed[axis < 0 ? axis + dims.length : axis] = size;
        return changed;
    }

    @Override
    public String toString() {
        return name + " " + dtype + " " + Arrays.toString(dims);
    }
}
