package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A tensor that a graph of ONNX computes: its name, type and sizes, which are those that it has for an example. The example is a batch of
 * two sizes; an axis whose size depends on it is the batch's.
 */
public final class OnnxValue {
    /** The size of the axis of the batch, which the file leaves open. */
    public static final int BATCH = -1;

    private final String name;
    private final DType dtype;
    private final boolean isLong;
    private final int[] dims;
    /** The values for the batches of the example, in the model's dtype. */
    private final List<Tensor> runs;

    /**
     * A value whose elements are known for the example.
     *
     * @param isLong true if the integers are INT64 in the file
     * @param runs the values for the batches of the example, in the model's dtype
     */
    OnnxValue(String name, boolean isLong, List<Tensor> runs) {
        this.name = name;
        DType type = runs.get(0).dtype();
        this.dtype = type.isFloating() ? DType.FLOAT32 : type;
        this.isLong = isLong;
        this.runs = List.copyOf(runs);
        this.dims = dims(runs);
    }

    /** The sizes of a value that has some values for the batches of the example; the size of the batch is {@link #BATCH}. */
    static int[] dims(List<Tensor> runs) {
        Shape first = runs.get(0).shape();
        Shape second = runs.get(1).shape();
        if (first.rank() != second.rank()) {
            throw new IllegalArgumentException(
                    "the number of axes depends on the size of the batch: " + first + ", " + second);
        }
        int[] dims = first.toArray();
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = dims[axis] == second.dim(axis) ? dims[axis] : BATCH;
        }
        return dims;
    }

    /** A constant, with the same value for every batch. */
    OnnxValue(String name, boolean isLong, Tensor constant) {
        this(name, isLong, Collections.nCopies(OnnxExample.BATCHES, constant));
    }

    /** The value for a batch of the example. */
    Tensor run(int k) {
        return runs.get(k);
    }

    /** The same value under another name. */
    OnnxValue named(String other) {
        return new OnnxValue(other, isLong, runs);
    }

    /** Returns whether integers are INT64 in the file, the type in which operators take sizes and axes, instead of INT32. */
    boolean isLong() {
        return isLong;
    }

    /** The name in the file. */
    public String name() {
        return name;
    }

    /** The type: FLOAT32, INT32, also of integers of INT64, or BOOL. */
    public DType dtype() {
        return dtype;
    }

    /** The sizes; the size of the batch is {@link #BATCH}. */
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
