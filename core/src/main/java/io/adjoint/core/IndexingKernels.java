package io.adjoint.core;

import io.adjoint.core.loops.ArithmeticLoops;
import io.adjoint.core.loops.Storage;
import io.adjoint.core.parallel.Parallel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads elements at INT32 indices (gather, indexSelect), writes elements to INT32 indices (scatter), and computes the adjoints of the reads
 * (scatterAdd, indexAdd), which add up the elements whose index is the same. Each sum is computed in double, its terms in the order of the
 * index array, so the bits are the same on any number of threads.
 */
// Long because reading, writing and adding at indices share checks and walks.
final class IndexingKernels {
    private IndexingKernels() {}

    static NdArray gather(NdArray x, int axis, NdArray index) {
        int a = checkIndex("gather", x.shape, axis, index);
        if (isOfEntries(index, x.shape, a)) {
            return select("gather", x, axis, entries(index, a));
        }
        checkRange("gather", index, axis, x.shape);
        Object out = ArrayElements.empty(x.dtype, index.size());
        int stride = x.strides[a];
        Storage<Object> storage = x.dtype.storage();
        int[] at = (int[]) index.elements();
        Object source = x.elements();
        Rows rows = new Rows(index.shape, index, firstOf(x, a, index.shape));
        Parallel.ranges(
                index.size(),
                (from, to) -> rows.walk(
                        from,
                        to,
                        (offsets, k, n) -> storage.pick(
                                source,
                                offsets[1],
                                rows.stride(1),
                                stride,
                                at,
                                offsets[0],
                                rows.stride(0),
                                out,
                                k,
                                n)));
        return NdArray.adopt(x.dtype, index.shape, out);
    }

    static NdArray scatter(NdArray x, int axis, NdArray index, NdArray source) {
        int a = checkIndex("scatter", x.shape, axis, index);
        requireSource("scatter", x, source, index.shape);
        checkRange("scatter", index, axis, x.shape);
        NdArray result = CopyKernels.copy(x);
        int[] at = (int[]) index.elements();
        int stride = result.strides[a];
        Storage<Object> storage = x.dtype.storage();
        eachCell(
                result,
                a,
                index,
                source,
                (offsets, rows, n) -> storage.put(
                        source.elements(),
                        offsets[2],
                        rows.stride(2),
                        at,
                        offsets[1],
                        rows.stride(1),
                        result.elements(),
                        offsets[0],
                        rows.stride(0),
                        stride,
                        n));
        return result;
    }

    /**
     * Adds each element of the source to an element of the result, which begins as a copy of {@code onto}, or as zeros if {@code onto} is
     * null. The result's element has the indices of the source's element, except along the axis, where its index is the corresponding
     * element of {@code index}.
     */
    static NdArray scatterAdd(@Nullable NdArray onto, Shape target, int axis, NdArray index, NdArray source) {
        source.dtype.requireFloating("scatterAdd");
        int a = checkIndex("scatterAdd", target, axis, index);
        requireSource("scatterAdd", onto == null ? source : onto, source, index.shape);
        if (isOfEntries(index, target, a)) {
            return add("scatterAdd", onto, target, axis, entries(index, a), source);
        }
        checkRange("scatterAdd", index, axis, target);
        NdArray totals = totals(onto, target);
        double[] into = (double[]) totals.elements();
        Storage<Object> storage = source.dtype.storage();
        int[] at = (int[]) index.elements();
        int stride = totals.strides[a];
        eachCell(
                totals,
                a,
                index,
                source,
                (offsets, rows, n) -> storage.total(
                        source.elements(),
                        offsets[2],
                        rows.stride(2),
                        at,
                        offsets[1],
                        rows.stride(1),
                        into,
                        offsets[0],
                        rows.stride(0),
                        stride,
                        n));
        return totals.to(source.dtype);
    }

    private static NdArray totals(@Nullable NdArray onto, Shape target) {
        return onto == null
                ? NdArray.zeros(DType.FLOAT64, target)
                : onto.dtype == DType.FLOAT64 ? CopyKernels.copy(onto) : onto.to(DType.FLOAT64);
    }

    @FunctionalInterface
    private interface Cells {
        /** Handles n elements from {@code offsets} on: offsets in the target (at index 0 of the indexed axis), the index and the source. */
        void run(int[] offsets, Rows rows, int n);
    }

    /**
     * Walks over index and source in row-major order. Large operands are divided among threads along an axis that is not the indexed axis.
     * So each thread has its own part of the target, and the order of the additions to an element doesn't depend on the number of threads.
     */
    private static void eachCell(NdArray target, int a, NdArray index, NdArray source, Cells body) {
        if (index.size() == 0) {
            return;
        }
        NdArray bases = firstOf(target, a, index.shape);
        int along = a;
        for (int other = 0; other < index.shape.rank(); other++) {
            along = other != a
                            && (along == a
                                    || index.shape.dims()[other] > index.shape.dims()[along])
                    ? other
                    : along;
        }
        int axis = along;
        int size = index.shape.dims()[axis];
        int ranges = axis == a || index.size() <= Parallel.BLOCK ? 1 : Math.min(size, Parallel.threads());
        Parallel.ranges(size, (size - 1) / ranges + 1, (from, to) -> {
            NdArray entries = index.slice(axis, from, to);
            Rows rows = new Rows(
                    entries.shape,
                    axis == a ? bases : bases.slice(axis, from, to),
                    entries,
                    source.slice(axis, from, to));
            rows.walk(0, entries.size(), (offsets, k, n) -> body.run(offsets, rows, n));
        });
    }

    static NdArray indexSelect(NdArray x, int axis, NdArray index) {
        requireVector("indexSelect", index);
        return select("indexSelect", x, axis, index);
    }

    private static NdArray select(String op, NdArray x, int axis, NdArray index) {
        int a = x.shape.axis(op, axis);
        checkRange(op, index, axis, x.shape);
        int size = x.shape.dims()[a];
        int[] dims = x.shape.toArray();
        dims[a] = index.size();
        Shape shape = Shape.adopt(op, x.shape, null, dims);
        ArrayElements dense = ArrayElements.of(x);
        Object out = ArrayElements.empty(x.dtype, shape.size());
        int inner = x.shape.strides()[a];
        int count = index.size();
        int[] at = index.toIntArray();
        Storage<Object> storage = x.dtype.storage();
        Parallel.ranges(shape.size() / inner, Parallel.blockOf(inner), (from, to) -> {
            for (int k = from; k < to; ) {
                int first = k % count;
                int n = Math.min(count - first, to - k);
                int source = dense.offset() + k / count * size * inner;
                if (inner == 1) {
                    storage.pick(dense.array(), source, 0, 1, at, first, 1, out, k, n);
                } else {
                    for (int e = 0; e < n; e++) {
                        int entry = source + at[first + e] * inner;
                        storage.copy(dense.array(), entry, 1, out, (k + e) * inner, 1, inner);
                    }
                }
                k += n;
            }
        });
        return NdArray.adopt(x.dtype, shape, out);
    }

    /**
     * Adds the k-th entry of the source along the axis, for each k, to the entry {@code index[k]} of a copy of {@code onto}, or of zeros of
     * the target's shape if {@code onto} is null.
     */
    static NdArray indexAdd(@Nullable NdArray onto, Shape target, int axis, NdArray index, NdArray source) {
        source.dtype.requireFloating("indexAdd");
        requireVector("indexAdd", index);
        int[] dims = target.toArray();
        dims[target.axis("indexAdd", axis)] = index.size();
        requireSource("indexAdd", onto == null ? source : onto, source, Shape.adopt("indexAdd", dims));
        return add("indexAdd", onto, target, axis, index, source);
    }

    private static NdArray add(
            String op, @Nullable NdArray onto, Shape target, int axis, NdArray index, NdArray source) {
        ArithmeticLoops<Object> loops = source.dtype.loops(op).arithmetic();
        checkRange(op, index, axis, target);
        NdArray result = totals(onto, target);
        if (source.size() == 0) {
            return result.to(source.dtype);
        }
        int a = target.axis(op, axis);
        int size = target.dims()[a];
        int inner = target.strides()[a];
        int outer = target.size() / size / inner;
        int count = index.size();
        int[] at = index.toIntArray();
        double[] totals = (double[]) result.elements();
        ArrayElements dense = ArrayElements.of(source);
        // Each thread handles the entries of the index that point to the thread's own part of the target, so additions
        // to an element are in the order of the index.
        int ranges = source.size() <= Parallel.BLOCK ? 1 : Math.min(size, Parallel.threads());
        Parallel.ranges(size, (size - 1) / ranges + 1, (from, to) -> {
            for (int k = 0; k < outer * count; k++) {
                int position = at[k % count];
                if (position >= from && position < to) {
                    int into = (k / count * size + position) * inner;
                    loops.total(dense.array(), dense.offset() + k * inner, totals, into, inner);
                }
            }
        });
        return result.to(source.dtype);
    }

    /**
     * If the target is at least this many times as large as the source, an addition in place changes only the entries that the index
     * selects; otherwise it first sums the source's entries into an array of the target's size, and adds that array.
     */
    private static final int SPARSE = 16;

    static void indexAddInPlace(NdArray target, int axis, NdArray index, NdArray source) {
        if (!isSparse(target, source)) {
            InPlace.accumulate(target, indexAdd(null, target.shape, axis, index, source));
            return;
        }
        requireVector("indexAdd", index);
        int a = target.shape.axis("indexAdd", axis);
        int[] dims = source.shape.toArray();
        List<NdArray> distinct = index.unique();
        NdArray entries = distinct.get(0);
        dims[a] = entries.size();
        NdArray sums = indexAdd(null, Shape.adopt("indexAdd", dims), axis, distinct.get(1), source);
        NdArray updated = select("indexAdd", target, axis, entries).add(sums);
        int inner = target.shape.strides()[a];
        int[] at = (int[]) entries.elements();
        for (int k = 0; k < updated.size() / inner; k++) {
            int entry = k / at.length * target.shape.dims()[a] + at[k % at.length];
            target.dtype
                    .storage()
                    .copy(updated.elements(), k * inner, 1, target.elements(), target.offset + entry * inner, 1, inner);
        }
    }

    static void scatterAddInPlace(NdArray target, int axis, NdArray index, NdArray source) {
        int a = checkIndex("scatterAdd", target.shape, axis, index);
        requireSource("scatterAdd", target, source, index.shape);
        if (!isSparse(target, source)) {
            InPlace.accumulate(target, scatterAdd(null, target.shape, axis, index, source));
        } else if (isOfEntries(index, target.shape, a)) {
            indexAddInPlace(target, axis, entries(index, a), source);
        } else {
            checkRange("scatterAdd", index, axis, target.shape);
            NdArray elements = elements(target, a, index);
            indexAddInPlace(target.reshape(-1), 0, elements, source.reshape(-1));
        }
    }

    private static boolean isSparse(NdArray target, NdArray source) {
        return target.isDense() && source.size() > 0 && (long) source.size() * SPARSE <= target.size();
    }

    /** The row-major indices, in the dense array x, of the elements that gather would read with this index along the axis. */
    private static NdArray elements(NdArray x, int a, NdArray index) {
        int[] elements = new int[index.size()];
        int[] at = (int[]) index.elements();
        Rows rows = new Rows(index.shape, index, firstOf(x, a, index.shape));
        rows.walk(0, elements.length, (offsets, k, n) -> {
            for (int e = 0; e < n; e++) {
                elements[k + e] =
                        offsets[1] - x.offset + e * rows.stride(1) + at[offsets[0] + e * rows.stride(0)] * x.strides[a];
            }
        });
        return NdArray.adopt(DType.INT32, Shape.of(elements.length), elements);
    }

    private static void requireVector(String op, NdArray index) {
        index.dtype.requireIndex(op);
        if (index.shape.rank() != 1) {
            throw new ShapeException(op + ": the index must have one axis, but its shape is " + index.shape);
        }
    }

    private static void requireSource(String op, NdArray onto, NdArray source, Shape expected) {
        DTypeException.requireSame(op, onto.dtype, source.dtype);
        if (!source.shape.equals(expected)) {
            throw new ShapeException(op + ": the source " + source.shape + " must have the shape " + expected
                    + ", an element for each that the index names");
        }
    }

    /** Returns whether the index is constant along all axes except the indexed axis, so that it selects whole entries of this axis. */
    private static boolean isOfEntries(NdArray index, Shape x, int a) {
        boolean whole = index.size() > 0;
        for (int other = 0; other < x.rank(); other++) {
            whole &= other == a
                    || (index.shape.dims()[other] == x.dims()[other]
                            && (index.strides[other] == 0 || x.dims()[other] == 1));
        }
        return whole;
    }

    private static NdArray entries(NdArray index, int a) {
        NdArray vector = toLast(index, a);
        while (vector.shape.rank() > 1) {
            vector = vector.select(0, 0);
        }
        return vector;
    }

    private static int checkIndex(String op, Shape x, int axis, NdArray index) {
        index.dtype.requireIndex(op);
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

    static NdArray oneHot(NdArray x, int classes) {
        if (classes < 0) {
            throw new ShapeException("oneHot: " + classes + " classes are negative; expected how many there are");
        }
        Shape shape = Sizes.replaced("oneHot", x.shape, x.shape.rank(), 0, classes);
        Indices.check("oneHot", x, -1, shape);
        if (shape.size() == 0) {
            return NdArray.zeros(DType.INT32, shape);
        }
        NdArray all = NdArray.arange(DType.INT32, classes);
        return x.unsqueeze(-1).compare(Comparison.EQ, all).to(DType.INT32);
    }

    /** Checks that each number in {@code index} is at least 0 and less than the size of the axis. */
    static void checkRange(String op, NdArray index, int axis, Shape shape) {
        int size = shape.dim(axis);
        int[] at = (int[]) index.elements();
        Rows rows = new Rows(index.shape, index);
        int stride = rows.stride(0);
        rows.walk(0, index.size(), (offsets, k, n) -> {
            int first = offsets[0];
            for (int e = 0; e < n; e++) {
                int i = at[first + e * stride];
                if (i < 0 || i >= size) {
                    throw outOfRange(op, i, axis, shape);
                }
            }
        });
    }

    static ShapeException outOfRange(String op, int i, int axis, Shape shape) {
        return new ShapeException(op + ": index " + i + " is out of range for axis " + axis + " of " + shape
                + ", which has " + shape.dim(axis) + " elements");
    }

    static NdArray toLast(NdArray x, int axis) {
        return x.permute(order(x.shape.rank(), axis, x.shape.rank() - 1));
    }

    static NdArray fromLast(NdArray x, int axis) {
        return x.permute(order(x.shape.rank(), x.shape.rank() - 1, axis));
    }

    /** The permutation of axes that moves the axis {@code from} to the position {@code to} and keeps the order of the other axes. */
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

    /** A view of the elements of x at index 0 of an axis, whose size becomes 1; the other axes are cut to their sizes in {@code index}. */
    private static NdArray firstOf(NdArray x, int axis, Shape index) {
        if (index.size() == 0 || x.size() == 0) {
            return NdArray.zeros(x.dtype, Shape.scalar());
        }
        NdArray bases = x;
        for (int other = 0; other < x.shape.rank(); other++) {
            bases = bases.slice(other, 0, other == axis ? 1 : index.dims()[other]);
        }
        return bases;
    }
}
