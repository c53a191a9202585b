package io.adjoint.core;

/** Elements picked by an INT32 array, and their adjoints, which add up where an index repeats. */
final class Indexing {
    private Indexing() {}

    static NdArray gather(NdArray x, int axis, NdArray index) {
        int a = checkIndex("gather", x.shape, axis, index);
        NdArray moved = toLast(index, a);
        NdArray bases = firstOf(x, a, moved.shape);
        Object out = x.dtype.storage().allocate(index.size());
        int side = x.shape.dims()[a];
        int stride = x.strides[a];
        Storage<Object> storage = x.dtype.storage();
        int[] at = (int[]) index.storage;
        Rows rows = new Rows(moved.shape, moved, bases);
        rows.walk(0, index.size(), (offsets, to, n) -> {
            for (int e = 0; e < n; e++) {
                int i = inRange("gather", at[offsets[0] + e * rows.step(0)], axis, side, x.shape);
                storage.set(out, to + e, storage.get(x.storage, offsets[1] + e * rows.step(1) + i * stride));
            }
        });
        return fromLast(NdArray.adopt(x.dtype, moved.shape, out), a);
    }

    static NdArray scatterAdd(NdArray source, Shape target, int axis, NdArray index) {
        source.dtype.requireFloating("scatterAdd");
        NdArray result = NdArray.zeros(source.dtype, target);
        int a = checkIndex("scatterAdd", target, axis, index);
        if (!source.shape.equals(index.shape)) {
            throw new ShapeException("scatterAdd: the source " + source.shape + " and the index " + index.shape
                    + " must have the same shape");
        }
        NdArray moved = toLast(index, a);
        NdArray values = toLast(source, a);
        NdArray bases = firstOf(result, a, moved.shape);
        int side = target.dims()[a];
        int stride = result.strides[a];
        Storage<Object> storage = source.dtype.storage();
        int[] at = (int[]) index.storage;
        // One thread, in row-major order of the index: repeated entries add up in the same order on every run.
        Rows rows = new Rows(moved.shape, moved, bases, values);
        rows.walk(0, index.size(), (offsets, row, n) -> {
            for (int e = 0; e < n; e++) {
                int i = inRange("scatterAdd", at[offsets[0] + e * rows.step(0)], axis, side, target);
                int to = offsets[1] + e * rows.step(1) + i * stride;
                double addend = storage.get(source.storage, offsets[2] + e * rows.step(2));
                storage.set(result.storage, to, storage.get(result.storage, to) + addend);
            }
        });
        return result;
    }

    static NdArray indexSelect(NdArray x, int axis, NdArray index) {
        requireIndex("indexSelect", index);
        if (index.shape.rank() != 1) {
            throw new ShapeException("indexSelect: the index must have one axis, but its shape is " + index.shape);
        }
        int a = x.shape.axis("indexSelect", axis);
        int side = x.shape.dims()[a];
        NdArray dense = x.contiguous();
        int[] dims = x.shape.toArray();
        dims[a] = index.size();
        Shape shape = Shape.adopt(dims);
        Object out = x.dtype.storage().allocate(shape.size());
        int inner = dense.shape.strides()[a];
        int outer = shape.size() == 0 ? 0 : shape.size() / (index.size() * inner);
        int[] at = index.toIntArray();
        for (int i : at) {
            inRange("indexSelect", i, axis, side, x.shape);
        }
        Parallel.ranges(outer * at.length, Math.max(1, Parallel.BLOCK / inner), (from, to) -> {
            for (int k = from; k < to; k++) {
                int source = dense.offset + (k / at.length * side + at[k % at.length]) * inner;
                x.dtype.storage().copy(dense.storage, source, 1, out, k * inner, 1, inner);
            }
        });
        return NdArray.adopt(x.dtype, shape, out);
    }

    private static void requireIndex(String op, NdArray index) {
        if (index.dtype != DType.INT32) {
            throw new DTypeException(op + ": the index is " + index.dtype + "; convert it with to(INT32)");
        }
    }

    private static int checkIndex(String op, Shape x, int axis, NdArray index) {
        requireIndex(op, index);
        int a = x.axis(op, axis);
        if (index.shape.rank() != x.rank()) {
            throw new ShapeException(op + ": the index " + index.shape + " must have as many axes as " + x);
        }
        for (int other = 0; other < x.rank(); other++) {
            if (other != a && index.shape.dims()[other] > x.dims()[other]) {
                throw new ShapeException(op + ": the index " + index.shape + " is longer than " + x + " on axis "
                        + other + "; only axis " + axis + " may be");
            }
        }
        return a;
    }

    private static int inRange(String op, int i, int axis, int side, Shape shape) {
        if (i < 0 || i >= side) {
            throw new ShapeException(op + ": index " + i + " is out of range for axis " + axis + " of " + shape
                    + ", which has " + side + " elements");
        }
        return i;
    }

    static NdArray toLast(NdArray x, int axis) {
        return x.permute(order(x.shape.rank(), axis, x.shape.rank() - 1));
    }

    static NdArray fromLast(NdArray x, int axis) {
        return x.permute(order(x.shape.rank(), x.shape.rank() - 1, axis));
    }

    /** The order of axes in which the one at {@code from} stands at {@code to} and the others follow one another as before. */
    private static int[] order(int rank, int from, int to) {
        int[] order = new int[rank];
        for (int k = 0, next = 0; k < rank; k++) {
            if (k == to) {
                order[k] = from;
            } else {
                next += next == from ? 1 : 0;
                order[k] = next++;
            }
        }
        return order;
    }

    /** The first element along an axis for each position of the others that {@code moved} has, with that axis last. */
    private static NdArray firstOf(NdArray x, int axis, Shape moved) {
        NdArray bases = toLast(x, axis);
        int last = moved.rank() - 1;
        if (moved.size() == 0 || x.size() == 0) {
            return NdArray.zeros(x.dtype, Shape.scalar());
        }
        for (int other = 0; other < last; other++) {
            bases = bases.slice(other, 0, moved.dims()[other]);
        }
        return bases.slice(last, 0, 1);
    }
}
