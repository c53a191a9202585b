package io.adjoint.core;

/**
 * The loops that move elements of one type without arithmetic; {@code A} is the type of the Java array that holds them. Conversions between
 * element types go through {@code double}, which represents every value of all these types exactly.
 *
 * @hidden
 */
@Internal
public interface Storage<A> {
    A allocate(int n);

    double get(A array, int i);

    void set(A array, int i, double value);

    void fill(A array, int from, int n, double value);

    /** Copies n elements, which are {@code step} apart in the source and {@code toStep} apart in the target. */
    void copy(A array, int from, int step, A target, int to, int toStep, int n);

    /**
     * Copies n elements whose positions the index array {@code at} gives: {@code target[to + e] = array[from + e·step + at[i +
     * e·di]·stride]}.
     */
    void pick(A array, int from, int step, int stride, int[] at, int i, int di, A target, int to, int n);

    /**
     * Copies n elements to the positions that the index array {@code at} gives, in ascending order of e: {@code target[to + e·toStep + at[i
     * + e·di]·stride] = array[from + e·step]}.
     */
    void put(A array, int from, int step, int[] at, int i, int di, A target, int to, int toStep, int stride, int n);

    /** Converts n elements, which are {@code step} apart, to consecutive doubles. */
    void read(A array, int from, int step, double[] target, int to, int n);

    /** Converts n consecutive doubles to the elements' type, and writes them to consecutive elements. */
    void write(double[] source, int from, A array, int to, int n);

    /**
     * Selects n elements from a or b: {@code out[k + e]} is element e of a where element e of the BOOL mask is not 0, else element e of b.
     * {@code offsets} and {@code steps} give the first index and the distance of elements for mask, a and b.
     */
    void choose(byte[] mask, A a, A b, int[] offsets, int[] steps, A out, int k, int n);
}
