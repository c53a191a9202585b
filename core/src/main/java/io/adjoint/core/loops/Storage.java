package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * The loops that copy, gather, scatter and convert elements of one type, without arithmetic; {@code A} is the type of the Java array that
 * holds the elements. Conversions between element types go through {@code double}, which represents every value of all these types exactly.
 *
 * @hidden
 */
@Internal
public interface Storage<A> {
    A allocate(int n);

    double get(A array, int i);

    void set(A array, int i, double value);

    void fill(A array, int from, int n, double value);

    /** Copies n elements: {@code target[to + e·toStride] = array[from + e·stride]} for e from 0 to n − 1. */
    void copy(A array, int from, int stride, A target, int to, int toStride, int n);

    /**
     * Gathers elements: {@code target[to + e] = array[from + e·stride + at[i + e·di]·axisStride]} for e from 0 to n − 1, where {@code at}
     * has the elements' indices along one axis, and {@code axisStride} is the stride of this axis.
     */
    void pick(A array, int from, int stride, int axisStride, int[] at, int i, int di, A target, int to, int n);

    /**
     * Scatters elements: {@code target[to + e·toStride + at[i + e·di]·axisStride] = array[from + e·stride]} for e from 0 to n − 1, in this
     * order, where {@code at} has the elements' indices along one axis of the target, and {@code axisStride} is the stride of this axis.
     */
    void put(
            A array,
            int from,
            int stride,
            int[] at,
            int i,
            int di,
            A target,
            int to,
            int toStride,
            int axisStride,
            int n);

    /** Adds n elements to totals at the indices at which {@link #put} writes them, in this order. */
    void total(
            A array,
            int from,
            int stride,
            int[] at,
            int i,
            int di,
            double[] totals,
            int to,
            int toStride,
            int axisStride,
            int n);

    /** Converts n elements, which are {@code stride} apart, to consecutive doubles. */
    void read(A array, int from, int stride, double[] target, int to, int n);

    /** Converts n consecutive doubles to the elements' type, and writes them to consecutive elements. */
    void write(double[] source, int from, A array, int to, int n);

    /**
     * Selects n elements from a or b: {@code out[k + e]} is element e of a where element e of the BOOL mask is not 0, else element e of b.
     * For the mask, a and b, in this order, {@code offsets} has the index of element 0, and {@code strides} the distance between elements.
     */
    void choose(byte[] mask, A a, A b, int[] offsets, int[] strides, A out, int k, int n);
}
