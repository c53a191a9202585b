package io.adjoint.core;

/**
 * The loops that move elements of one type without computing with them; {@code A} is the Java array that holds them.
 * {@code double} is the type through which all element types meet: it represents each of their values exactly.
 */
interface Storage<A> {
    A allocate(int n);

    double get(A array, int i);

    void set(A array, int i, double value);

    void fill(A array, int from, int n, double value);

    /** Copies n elements, {@code step} and {@code toStep} apart. */
    void copy(A array, int from, int step, A target, int to, int toStep, int n);

    /** Copies the elements that an index names: {@code target[to + e] = array[from + e·step + at[i + e·di]·stride]}. */
    void pick(A array, int from, int step, int stride, int[] at, int i, int di, A target, int to, int n);

    /** Copies to where an index points, one after the other: {@code target[to + e·toStep + at[i + e·di]·stride] = array[from + e·step]}. */
    void put(A array, int from, int step, int[] at, int i, int di, A target, int to, int toStep, int stride, int n);

    /** Widens n elements, {@code step} apart, into consecutive doubles. */
    void read(A array, int from, int step, double[] target, int to, int n);

    /** Rounds n consecutive doubles to consecutive elements. */
    void write(double[] source, int from, A array, int to, int n);

    /**
     * For n elements {@code out[k + e]} is the e-th of a where the e-th of the mask, the array of a BOOL one, is not 0, else the e-th of
     * b; each operand begins at its offset, with its step between neighbours.
     */
    void choose(byte[] mask, A a, A b, int[] offsets, int[] steps, A out, int k, int n);
}
