package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;

/**
 * Layouts of an array's elements in memory. The value of an operation must not depend on them. Views lie within larger arrays whose
 * other elements are NaN (2³¹−1 for INT32, true for BOOL), so that reading beside the view shows. Failing cases shrink toward the first.
 */
public enum Layout {
    /** The elements lie in memory in row-major order, without gaps. */
    CONTIGUOUS {
        @Override
        public NdArray of(NdArray array) {
            return array.copy();
        }
    },
    /** The last element comes first in memory. */
    FLIPPED {
        @Override
        public NdArray of(NdArray array) {
            return array.flip().copy().flip();
        }
    },
    /** Every second element of each axis of a larger array. */
    STEPPED {
        @Override
        public NdArray of(NdArray array) {
            return within(array, 2);
        }
    },
    /** A part of each axis of a larger array; the larger array begins before the part. */
    SLICED {
        @Override
        public NdArray of(NdArray array) {
            return within(array, 1);
        }
    },
    /** The first axis varies fastest in memory. */
    TRANSPOSED {
        @Override
        public NdArray of(NdArray array) {
            int[] axes = new int[array.shape().rank()];
            Arrays.setAll(axes, axis -> axes.length - 1 - axis);
            return array.permute(axes).copy().permute(axes);
        }
    },
    /** The first entry of the first axis in place of every entry, stored only once: this layout changes the elements. */
    EXPANDED {
        @Override
        public NdArray of(NdArray array) {
            return array.size() == 0 || array.shape().rank() == 0
                    ? array.copy()
                    : array.slice(0, 0, 1).copy().broadcastTo(array.shape());
        }
    };

    /** A view of this layout, over a new array, with the elements of the given one. */
    public abstract NdArray of(NdArray array);

    /** A leaf of this layout with the elements of the given one, which requires a gradient if that does. */
    public Tensor of(Tensor tensor) {
        return Literals.remember(Tensor.of(of(tensor.data())).requiresGrad(tensor.requiresGrad()), this);
    }

    private static NdArray within(NdArray array, int step) {
        // The element of a scalar is the second of three elements in memory.
        NdArray source = array.shape().rank() == 0 ? array.reshape(1) : array;
        int[] dims = source.shape().toArray();
        int[] around = Arrays.stream(dims).map(size -> size * step + 2).toArray();
        Shape outside = Shape.of(around);
        double[] all = new double[outside.size()];
        Arrays.fill(all, array.dtype() == DType.INT32 ? Integer.MAX_VALUE : Double.NaN);
        double[] elements = source.toDoubleArray();
        int[] index = new int[dims.length];
        for (double element : elements) {
            int at = 0;
            for (int axis = 0; axis < dims.length; axis++) {
                at = at * around[axis] + 1 + index[axis] * step;
            }
            all[at] = element;
            for (int axis = dims.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
                index[axis] = 0;
            }
        }
        NdArray view = NdArray.wrap(outside, all).to(array.dtype());
        for (int axis = 0; axis < dims.length; axis++) {
            view = view.slice(axis, 1, 1 + dims[axis] * step, step);
        }
        return array.shape().rank() == 0 ? view.select(0, 0) : view;
    }
}
