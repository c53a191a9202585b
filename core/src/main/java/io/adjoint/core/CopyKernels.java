package io.adjoint.core;

import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Copies arrays: to dense order, to another element type, one behind the other (concatenation), and into parts of an array. */
final class CopyKernels {
    /** The number of elements of a block: a block and its copy take at most 16 KB, half of a small first-level cache. */
    private static final int BLOCK = 1024;
    /** The number of rows and columns of a square block: a row of doubles fills four cache lines, a row of floats two. */
    private static final int SIDE = 32;

    private CopyKernels() {}

    static NdArray copy(NdArray x) {
        x.requireElements();
        NdArray copy = NdArray.empty(x.dtype, x.shape);
        write(x, copy);
        x.requireLiveStill();
        return copy;
    }

    static NdArray stack(int axis, List<NdArray> parts) {
        if (parts.isEmpty()) {
            throw new ShapeException("stack: expected at least one tensor, got none");
        }
        Shape shape = parts.get(0).shape;
        for (int k = 1; k < parts.size(); k++) {
            if (!parts.get(k).shape.equals(shape)) {
                throw new ShapeException("stack: part " + k + " has shape " + parts.get(k).shape + ", but part 0 has "
                        + shape + "; stacked tensors must have equal shapes");
            }
        }
        int rank = shape.rank();
        if (axis < -rank - 1 || axis > rank) {
            throw new ShapeException("stack: axis " + axis + " is out of range for parts of shape " + shape
                    + " and a new axis; expected " + (-rank - 1) + " to " + rank);
        }
        return concat(
                "stack", axis, parts.stream().map(part -> part.unsqueeze(axis)).toList());
    }

    static NdArray concat(String op, int axis, List<NdArray> parts) {
        if (parts.isEmpty()) {
            throw new ShapeException(op + ": expected at least one array, got none");
        }
        NdArray first = parts.get(0);
        if (first.shape.rank() == 0) {
            throw new ShapeException(op + ": scalars have no axis to be joined along; stack them along a new one");
        }
        int a = first.shape.axis(op, axis);
        long total = 0;
        for (int k = 0; k < parts.size(); k++) {
            NdArray part = parts.get(k);
            DTypeException.requireSame(op, first.dtype, part.dtype);
            for (int other = 0; other < Math.max(first.shape.rank(), part.shape.rank()); other++) {
                if (part.shape.rank() != first.shape.rank()
                        || (other != a
                                && part.shape.dims()[other] != first.shape.dims()[other])) {
                    throw new ShapeException(op + ": part " + k + " has shape " + part.shape + ", which does not fit "
                            + first.shape + " of part 0: all axes but " + axis + " must be equal");
                }
            }
            total += part.shape.dims()[a];
        }
        if (total > Integer.MAX_VALUE) {
            throw new ShapeException(
                    op + ": the parts have " + total + " entries along axis " + axis + ", more than 2147483647");
        }
        int[] dims = first.shape.toArray();
        dims[a] = (int) total;
        NdArray result = NdArray.empty(first.dtype, Shape.adopt(op, first.shape, null, dims));
        int at = 0;
        for (NdArray part : parts) {
            int size = part.shape.dims()[a];
            write(part, result.slice(a, at, at + size));
            at += size;
        }
        return result;
    }

    static NdArray unview(NdArray x, Shape target, UnaryOperator<NdArray> view) {
        NdArray result = NdArray.zeros(x.dtype, target);
        NdArray hole = hole(result, view);
        if (!hole.shape.equals(x.shape)) {
            throw new ShapeException("unview: " + x.shape + " does not fit the view " + hole.shape + " of " + target);
        }
        write(x, hole);
        return result;
    }

    /**
     * Returns the view through which {@code unview} writes to a part of the array {@code whole}. It is an error if the function {@code
     * view} copies elements, or returns a view that shows an element twice.
     */
    static NdArray hole(NdArray whole, UnaryOperator<NdArray> view) {
        NdArray hole = view.apply(whole);
        if (hole == null) {
            throw new IllegalArgumentException("unview: the function returned null instead of a view");
        }
        boolean repeats = false;
        for (int axis = 0; axis < hole.shape.rank(); axis++) {
            repeats |= hole.strides[axis] == 0 && hole.shape.dims()[axis] > 1;
        }
        if (hole.size() > 0 && (hole.elements() != whole.elements() || repeats)) {
            throw new IllegalArgumentException("unview: the function made " + hole.shape + " of " + whole.shape
                    + (repeats ? " by repeating elements" : " by copying elements")
                    + "; expected a view of distinct elements, as slice, select and transpose return it");
        }
        return hole;
    }

    static NdArray pad(NdArray x, int[] before, int[] after, double value) {
        int rank = x.shape.rank();
        if (before.length != rank || after.length != rank) {
            throw new ShapeException("pad: expected a number for each axis of " + x.shape + ", but got "
                    + Arrays.toString(before) + " before and " + Arrays.toString(after) + " after");
        }
        x.dtype.requireHolds("pad", value);
        long[] dims = new long[rank];
        NdArray kept = x;
        for (int axis = 0; axis < rank; axis++) {
            int size = x.shape.dims()[axis];
            long from = Math.max(0L, -(long) before[axis]);
            long to = size - Math.max(0L, -(long) after[axis]);
            if (from > to) {
                throw new ShapeException("pad: cannot take " + from + " entries off the front and " + (size - to)
                        + " off the back of axis " + axis + " of " + x.shape + ", which has " + size);
            }
            kept = kept.slice(axis, (int) from, (int) to);
            dims[axis] = (long) size + before[axis] + after[axis];
        }
        Shape padded = Shape.of("pad", x.shape, dims);
        if (kept.shape.equals(padded)) {
            return kept;
        }
        NdArray result = NdArray.full(x.dtype, padded, value);
        NdArray hole = result;
        for (int axis = 0; axis < rank; axis++) {
            int from = Math.max(0, before[axis]);
            hole = hole.slice(axis, from, from + kept.shape.dims()[axis]);
        }
        write(kept, hole);
        return result;
    }

    /**
     * Keeps the elements on and below ({@code lower}), or on and above, the k-th diagonal of each matrix, whose elements have the indices
     * {@code [i, i + k]}; the other elements become 0.
     */
    static NdArray triangle(String op, NdArray x, int k, boolean lower) {
        int rank = x.shape.rank();
        if (rank < 2) {
            throw new ShapeException(
                    op + ": " + x.shape + " has " + rank + " axes, but a matrix has two; insert one with unsqueeze");
        }
        NdArray dense = x.contiguous();
        int m = x.shape.dims()[rank - 2];
        int n = x.shape.dims()[rank - 1];
        Storage<Object> storage = x.dtype.storage();
        Object out = ArrayElements.zeros(x.dtype, x.size());
        Parallel.ranges(n == 0 ? 0 : x.size() / n, Parallel.blockOf(n), (first, last) -> {
            for (int row = first; row < last; row++) {
                int cut = (int) Math.min(Math.max((long) row % m + k + (lower ? 1 : 0), 0), n);
                int from = row * n + (lower ? 0 : cut);
                storage.copy(dense.elements(), dense.offset + from, 1, out, from, 1, lower ? cut : n - cut);
            }
        });
        return NdArray.adopt(x.dtype, x.shape, out);
    }

    /** Writes the elements of x to a target of the same shape and type, of any two layouts. */
    static void write(NdArray x, NdArray target) {
        Storage<Object> storage = x.dtype.storage();
        int inner = innermost(x);
        int outer = innermost(target);
        if (inner > 0
                && x.shape.dims()[0] > 1
                && x.strides[0] == 0
                && x.size() <= Parallel.blockOf(1)
                && target.isContiguous()) {
            repeat(x, target);
            return;
        }
        if (x.size() > BLOCK && inner != outer && x.strides[outer] != 0) {
            writeBlocks(x, target, inner, outer);
            return;
        }
        Blocks blocks = new Blocks(x.shape, x, target);
        int[] strides = blocks.strides();
        int[] distances = blocks.distances(1);
        Object result = target.elements();
        blocks.walk(() -> {
            Blocks.Reader reader = blocks.reader();
            return (offsets, at, n) -> {
                int from = reader.read(0, offsets[0], n);
                Object source = reader.arrays()[0];
                if (distances == null) {
                    storage.copy(source, from, strides[0], result, offsets[1], strides[1], n);
                } else {
                    storage.put(source, from, strides[0], distances, 0, 1, result, offsets[1], 0, 1, n);
                }
            };
        });
    }

    /** Writes an array that repeats along axis 0: the first entry, and then copies of all that has been written. */
    private static void repeat(NdArray x, NdArray target) {
        write(x.slice(0, 0, 1), target.slice(0, 0, 1));
        Storage<Object> storage = x.dtype.storage();
        Object elements = target.elements();
        int n = x.shape.strides()[0];
        for (int done = n; done < x.size(); done += n) {
            n = Math.min(done, x.size() - done);
            storage.copy(elements, target.offset, 1, elements, target.offset + done, 1, n);
        }
    }

    /** The axis whose neighbouring entries lie closest to each other in memory; −1 if all elements of x are one element in memory. */
    private static int innermost(NdArray x) {
        int closest = -1;
        for (int axis = x.shape.rank() - 1; axis >= 0; axis--) {
            int distance = Math.abs(x.strides[axis]);
            if (x.shape.dims()[axis] > 1 && distance != 0 && (closest < 0 || distance < Math.abs(x.strides[closest]))) {
                closest = axis;
            }
        }
        return closest;
    }

    /**
     * Copies between arrays whose innermost axes differ, in blocks along both axes, so that each cache line of either array is fully used
     * while it is in the cache.
     */
    private static void writeBlocks(NdArray x, NdArray target, int inner, int outer) {
        Object source = x.elements();
        Object result = target.elements();
        int[] dims = x.shape.dims();
        int width = Math.min(dims[inner], SIDE);
        int height = Math.min(dims[outer], BLOCK / width);
        width = Math.min(dims[inner], BLOCK / height);
        // The first elements of all blocks form a strided view of each array, so a walk over both views finds the
        // blocks.
        NdArray corners = corners(x, inner, width, outer, height);
        NdArray targets = corners(target, inner, width, outer, height);
        int[] counts = corners.shape.dims();
        int[] ordinals = corners.shape.strides();
        Rows rows = new Rows(corners.shape, corners, targets);
        Storage<Object> storage = x.dtype.storage();
        int across = width;
        Parallel.ranges(corners.size(), Parallel.blockOf(across * height), (first, last) -> {
            rows.walk(first, last, (offsets, at, n) -> {
                for (int block = 0; block < n; block++) {
                    int column = (at + block) / ordinals[inner] % counts[inner] * across;
                    int row = (at + block) / ordinals[outer] % counts[outer] * height;
                    int from = offsets[0] + block * rows.stride(0);
                    int to = offsets[1] + block * rows.stride(1);
                    int length = Math.min(height, dims[outer] - row);
                    for (int e = Math.min(across, dims[inner] - column) - 1; e >= 0; e--) {
                        storage.copy(
                                source,
                                from + e * x.strides[inner],
                                x.strides[outer],
                                result,
                                to + e * target.strides[inner],
                                target.strides[outer],
                                length);
                    }
                }
            });
        });
    }

    private static NdArray corners(NdArray x, int inner, int width, int outer, int height) {
        return x.slice(inner, 0, x.shape.dims()[inner], width)
                .slice(outer, 0, x.shape.dims()[outer], height);
    }
}
