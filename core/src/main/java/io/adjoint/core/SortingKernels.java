package io.adjoint.core;

import static java.util.Objects.requireNonNull;

import io.adjoint.core.parallel.Parallel;
import java.util.Arrays;
import java.util.List;

/**
 * Sorting, and functions based on sorting: the k largest or smallest elements, unique elements, and search in sorted elements. NaN counts
 * as the largest number; −0 and 0 count as equal.
 */
final class SortingKernels {
    private SortingKernels() {}

    static NdArray argSort(String op, NdArray x, int axis, Order order) {
        x.dtype.requireNumbers(op);
        return argTopK(x, axis, x.shape.dim(x.shape.axis(op, axis)), order);
    }

    /** The first k indices that {@link #argSort} would give along the axis. */
    static NdArray argTopK(NdArray x, int axis, int k, Order order) {
        requireNonNull(order, "order");
        x.dtype.requireNumbers("topK");
        int a = x.shape.axis("topK", axis);
        int size = x.shape.dims()[a];
        if (k < 0 || k > size) {
            throw new ShapeException("topK: cannot take " + k + " of the " + size + " elements along axis " + axis
                    + " of " + x.shape + "; expected 0 to " + size);
        }
        NdArray rows = IndexingKernels.toLast(x, a);
        NdArray dense = rows.contiguous();
        int[] dims = rows.shape.toArray();
        dims[dims.length - 1] = k;
        Shape shape = Shape.adopt("topK", dims);
        int[] out = new int[shape.size()];
        Parallel.ranges(size == 0 ? 0 : x.size() / size, Parallel.blockOf(size), (from, to) -> {
            for (int r = from; r < to; r++) {
                long[] keys = keys(dense, r * size, size, order);
                System.arraycopy(k < size ? first(keys, k) : order(keys), 0, out, r * k, k);
            }
        });
        return IndexingKernels.fromLast(NdArray.adopt(DType.INT32, shape, out), a);
    }

    /** The first k indices that {@link #order} would return, computed without sorting the keys after them. */
    private static int[] first(long[] keys, int k) {
        if (k == 0) {
            return new int[0];
        }
        long last = smallest(keys, k);
        int ties = k;
        for (long key : keys) {
            ties -= key < last ? 1 : 0;
        }
        int[] found = new int[k];
        long[] foundKeys = new long[k];
        int next = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] < last || (keys[i] == last && ties-- > 0)) {
                found[next] = i;
                foundKeys[next++] = keys[i];
            }
        }
        int[] order = order(foundKeys);
        Arrays.setAll(order, e -> found[order[e]]);
        return order;
    }

    /** The k-th smallest key. A heap holds the k smallest of the keys seen so far, with the largest of these k keys at its root. */
    private static long smallest(long[] keys, int k) {
        long[] heap = Arrays.copyOf(keys, k);
        for (int root = k / 2 - 1; root >= 0; root--) {
            sink(heap, root);
        }
        for (int i = k; i < keys.length; i++) {
            if (keys[i] < heap[0]) {
                heap[0] = keys[i];
                sink(heap, 0);
            }
        }
        return heap[0];
    }

    private static void sink(long[] heap, int root) {
        long key = heap[root];
        int at = root;
        for (long child = 2L * at + 1; child < heap.length; child = 2L * at + 1) {
            int larger = (int) child;
            larger += larger + 1 < heap.length && heap[larger + 1] > heap[larger] ? 1 : 0;
            if (heap[larger] <= key) {
                break;
            }
            heap[at] = heap[larger];
            at = larger;
        }
        heap[at] = key;
    }

    static NdArray searchSorted(NdArray sorted, NdArray values, Side side) {
        requireNonNull(side, "side");
        DTypeException.requireSame("searchSorted", sorted.dtype, values.dtype);
        sorted.dtype.requireNumbers("searchSorted");
        if (sorted.shape.rank() != 1) {
            throw new ShapeException("searchSorted: the sorted elements must have one axis, but their shape is "
                    + sorted.shape + "; search row by row");
        }
        long[] keys = keys(sorted.contiguous(), 0, sorted.size(), Order.ASCENDING);
        for (int k = 1; k < keys.length; k++) {
            if (keys[k - 1] > keys[k]) {
                throw new IllegalArgumentException("searchSorted: the elements must ascend, but " + sorted.get(k)
                        + " at " + k + " follows " + sorted.get(k - 1) + "; sort them first");
            }
        }
        NdArray dense = values.contiguous();
        int[] out = new int[values.size()];
        Parallel.ranges(out.length, (from, to) -> {
            long[] wanted = keys(dense, from, to - from, Order.ASCENDING);
            for (int k = from; k < to; k++) {
                out[k] = below(keys, wanted[k - from], side);
            }
        });
        return NdArray.adopt(DType.INT32, values.shape, out);
    }

    /** The number of keys that are less than the given key or, for {@link Side#RIGHT}, not greater than the given key. */
    private static int below(long[] keys, long key, Side side) {
        int low = 0;
        int high = keys.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys[middle] < key || (side == Side.RIGHT && keys[middle] == key)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    static List<NdArray> unique(NdArray x) {
        x.dtype.requireNumbers("unique");
        NdArray dense = x.contiguous();
        long[] keys = keys(dense, 0, x.size(), Order.ASCENDING);
        int[] order = order(keys);
        int[] first = new int[keys.length];
        int[] inverse = new int[keys.length];
        int[] counts = new int[keys.length];
        int found = 0;
        for (int k = 0; k < order.length; k++) {
            if (k == 0 || keys[order[k]] != keys[order[k - 1]]) {
                first[found++] = order[k];
            }
            inverse[order[k]] = found - 1;
            counts[found - 1]++;
        }
        Shape shape = Shape.of(found);
        return List.of(
                dense.reshape(-1).indexSelect(0, NdArray.adopt(DType.INT32, shape, Arrays.copyOf(first, found))),
                NdArray.adopt(DType.INT32, x.shape, inverse),
                NdArray.adopt(DType.INT32, shape, Arrays.copyOf(counts, found)));
    }

    /**
     * Maps elements to longs that ascend in the given order of the elements. The long for the
     * ascending order has the bits of the element as a double, with the lower 63 bits inverted if the double is negative.
     */
    private static long[] keys(NdArray dense, int from, int n, Order order) {
        double[] elements = new double[n];
        dense.dtype.storage().read(dense.elements(), dense.offset + from, 1, elements, 0, n);
        long[] keys = new long[n];
        for (int k = 0; k < n; k++) {
            // Adding 0 turns −0 into 0, and doubleToLongBits gives equal bits for all NaNs, so equal elements have
            // equal keys.
            long bits = Double.doubleToLongBits(elements[k] + 0.0);
            long ascending = bits < 0 ? bits ^ Long.MAX_VALUE : bits;
            keys[k] = order == Order.DESCENDING ? ~ascending : ascending;
        }
        return keys;
    }

    /** The indices that sort the keys in ascending order, by a bottom-up merge sort; equal keys keep their order. */
    private static int[] order(long[] keys) {
        int n = keys.length;
        int[] order = new int[n];
        Arrays.setAll(order, k -> k);
        int[] merged = new int[n];
        for (long width = 1; width < n; width *= 2) {
            for (long start = 0; start < n; start += 2 * width) {
                merge(keys, order, merged, (int) start, (int) Math.min(n, start + width), (int)
                        Math.min(n, start + 2 * width));
            }
            int[] swapped = order;
            order = merged;
            merged = swapped;
        }
        return order;
    }

    private static void merge(long[] keys, int[] order, int[] merged, int from, int middle, int to) {
        int left = from;
        int right = middle;
        for (int k = from; k < to; k++) {
            boolean takeLeft = left < middle && (right == to || keys[order[left]] <= keys[order[right]]);
            merged[k] = takeLeft ? order[left++] : order[right++];
        }
    }
}
