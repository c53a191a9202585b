package io.adjoint.core;

/**
 * An elementwise operation as a loop over neighbouring elements: {@code out[k + e]} is a function of the elements
 * {@code operands[o][offsets[o] + e·steps[o]]}, for {@code 0 ≤ e < n}. A loop may keep buffers, so each thread makes its own.
 */
@FunctionalInterface
interface ElementLoop {
    void run(Object[] operands, int[] offsets, int[] steps, Object out, int k, int n);

    /** Makes a loop. */
    @FunctionalInterface
    interface Maker {
        /** A loop for at most this number of elements at a time. */
        ElementLoop make(int most);
    }
}
