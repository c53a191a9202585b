package io.adjoint.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Views: arrays with other shapes, strides and offsets that share the storage of the original and copy nothing. */
final class Views {
    private Views() {}

    static NdArray permute(NdArray x, int... axes) {
        int rank = x.shape.rank();
        if (axes.length != rank || x.shape.axes("permute", axes).length != rank) {
            throw new ShapeException("permute: " + Arrays.toString(axes) + " must name each of the " + rank
                    + " axes of " + x.shape + " once");
        }
        int[] dims = new int[rank];
        int[] strides = new int[rank];
        for (int k = 0; k < rank; k++) {
            int axis = x.shape.axis("permute", axes[k]);
            dims[k] = x.shape.dims()[axis];
            strides[k] = x.strides[axis];
        }
        return view(x, Shape.adopt("permute", dims), strides, x.offset);
    }

    static NdArray transpose(NdArray x, int axis0, int axis1) {
        int a = x.shape.axis("transpose", axis0);
        int b = x.shape.axis("transpose", axis1);
        return view(x, Shape.adopt("transpose", swapped(x.shape.dims(), a, b)), swapped(x.strides, a, b), x.offset);
    }

    private static int[] swapped(int[] values, int a, int b) {
        int[] result = values.clone();
        result[a] = values[b];
        result[b] = values[a];
        return result;
    }

    static NdArray slice(NdArray x, int axis, int from, int to, int step) {
        int a = x.shape.axis("slice", axis);
        int size = x.shape.dims()[a];
        if (step == 0) {
            throw new ShapeException(
                    "slice: the step is 0; expected a positive step, or a negative one to walk backwards");
        }
        if (step < 0 ? (from >= size || to < -1 || from < to) : (from < 0 || to > size || from > to)) {
            throw new ShapeException("slice: " + from + " to " + to + " by " + step + " does not fit axis " + axis
                    + " of " + x.shape + ", which has " + size + " elements");
        }
        int[] dims = x.shape.toArray();
        int[] strides = x.strides.clone();
        // The quotient is rounded up without adding step − 1, which would overflow for large steps.
        dims[a] = from == to ? 0 : (int) ((Math.abs(to - from) - 1) / Math.abs((long) step)) + 1;
        strides[a] *= step;
        // An empty slice keeps the old offset, since the computed offset could be one past the end.
        return view(x, Shape.adopt("slice", dims), strides, dims[a] == 0 ? x.offset : x.offset + from * x.strides[a]);
    }

    static NdArray select(NdArray x, int axis, int index) {
        int a = x.shape.axis("select", axis);
        int size = x.shape.dims()[a];
        if (index < -size || index >= size) {
            throw new ShapeException("select: index " + index + " is out of range for axis " + axis + " of " + x.shape
                    + ", which has " + size + " elements");
        }
        int at = index < 0 ? index + size : index;
        Shape rest = Shape.adopt("select", removed(x.shape.dims(), a));
        return view(x, rest, removed(x.strides, a), x.offset + at * x.strides[a]);
    }

    static NdArray squeeze(NdArray x, int... axes) {
        for (int axis : axes) {
            if (x.shape.dim(x.shape.axis("squeeze", axis)) != 1) {
                throw new ShapeException("squeeze: axis " + axis + " of " + x.shape + " has size " + x.shape.dim(axis)
                        + "; only a size of 1 can be removed");
            }
        }
        NdArray result = x;
        int[] named = x.shape.axes("squeeze", axes);
        for (int k = named.length - 1; k >= 0; k--) {
            if (x.shape.dims()[named[k]] == 1) {
                result = select(result, named[k], 0);
            }
        }
        return result;
    }

    static NdArray unsqueeze(NdArray x, int axis) {
        int rank = x.shape.rank();
        if (axis < -rank - 1 || axis > rank) {
            throw new ShapeException("unsqueeze: axis " + axis + " is out of range for shape " + x.shape + "; expected "
                    + (-rank - 1) + " to " + rank);
        }
        int a = axis < 0 ? axis + rank + 1 : axis;
        return view(x, Shape.adopt("unsqueeze", inserted(x.shape.dims(), a, 1)), inserted(x.strides, a, 0), x.offset);
    }

    static NdArray flip(NdArray x, int... axes) {
        int[] strides = x.strides.clone();
        int offset = x.offset;
        for (int axis : x.shape.axes("flip", axes)) {
            offset += Math.max(x.shape.dims()[axis] - 1, 0) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return view(x, x.shape, strides, x.shape.size() == 0 ? x.offset : offset);
    }

    static NdArray broadcastTo(NdArray x, Shape shape) {
        if (x.shape.equals(shape)) {
            return x;
        }
        if (!x.shape.broadcastsTo(shape)) {
            throw new ShapeException("broadcastTo: " + x.shape + " does not broadcast to " + shape
                    + "; aligned at the last axis, each size must be equal or 1");
        }
        int added = shape.rank() - x.shape.rank();
        int[] strides = new int[shape.rank()];
        for (int axis = 0; axis < x.shape.rank(); axis++) {
            strides[added + axis] = x.shape.dims()[axis] == 1 ? 0 : x.strides[axis];
        }
        return view(x, shape, strides, x.offset);
    }

    static NdArray diagonal(NdArray x, int axis0, int axis1, int offset) {
        int a = x.shape.axis("diagonal", axis0);
        int b = x.shape.axis("diagonal", axis1);
        if (a == b) {
            throw new ShapeException("diagonal: axes " + axis0 + " and " + axis1 + " of " + x.shape
                    + " are the same; expected two different ones");
        }
        int row = Math.max(0, -Math.max(offset, -x.shape.dims()[a]));
        int column = Math.max(0, Math.min(offset, x.shape.dims()[b]));
        int length = Math.min(x.shape.dims()[a] - row, x.shape.dims()[b] - column);
        int[] dims = removed(removed(x.shape.dims(), Math.max(a, b)), Math.min(a, b));
        int[] strides = removed(removed(x.strides, Math.max(a, b)), Math.min(a, b));
        return view(
                x,
                Shape.adopt("diagonal", inserted(dims, dims.length, length)),
                inserted(strides, strides.length, x.strides[a] + x.strides[b]),
                // An empty diagonal keeps the old offset, since the computed offset could be past the end.
                length == 0 ? x.offset : x.offset + row * x.strides[a] + column * x.strides[b]);
    }

    /**
     * Returns an array's elements in another shape, in the same row-major order: as a view if strides over the array's storage can give
     * this order, otherwise as a copy.
     */
    static NdArray reshape(NdArray x, Shape shape) {
        if (x.shape.equals(shape)) {
            return x;
        }
        x.requireElements();
        if (!x.isDense()) {
            int[] strides = restrided(x, shape);
            if (strides != null) {
                return view(x, shape, strides, x.offset);
            }
        }
        NdArray dense = x.contiguous();
        return view(dense, shape, shape.strides(), dense.offset);
    }

    /**
     * The strides with which a view of the given shape shows the elements of a non-empty array in the array's row-major order; null if no
     * strides give this order.
     */
    private static int @Nullable [] restrided(NdArray x, Shape shape) {
        int[] dims = x.shape.dims();
        int[] strides = new int[shape.rank()];
        int axis = dims.length;
        // Neighbouring source axes are merged while their elements are evenly spaced; the new axes divide these
        // elements. The variable rest is the number of elements that are not divided yet, and stride is the distance
        // between two of them.
        int rest = 1;
        int stride = 0;
        for (int k = shape.rank() - 1; k >= 0; k--) {
            int size = shape.dims()[k];
            if (size == 1) {
                continue;
            }
            while (rest == 1) {
                axis--;
                rest = dims[axis];
                stride = x.strides[axis];
            }
            while (rest % size != 0 && axis > 0 && (dims[axis - 1] == 1 || x.strides[axis - 1] == stride * rest)) {
                axis--;
                rest *= dims[axis];
            }
            if (rest % size != 0) {
                return null;
            }
            strides[k] = stride;
            stride *= size;
            rest /= size;
        }
        return strides;
    }

    private static NdArray view(NdArray x, Shape shape, int[] strides, int offset) {
        return new NdArray(x.dtype, shape, strides, offset, x.elements(), x.owner(), x.lease());
    }

    private static int[] removed(int[] values, int at) {
        int[] rest = new int[values.length - 1];
        System.arraycopy(values, 0, rest, 0, at);
        System.arraycopy(values, at + 1, rest, at, rest.length - at);
        return rest;
    }

    private static int[] inserted(int[] values, int at, int value) {
        int[] more = new int[values.length + 1];
        System.arraycopy(values, 0, more, 0, at);
        more[at] = value;
        System.arraycopy(values, at, more, at + 1, values.length - at);
        return more;
    }
}
