package io.adjoint.core;

/**
 * An elementwise operation as a loop over neighbouring elements: {@code out[k + e]} is a function of the elements
 * {@code operands[o][offsets[o] + e·steps[o]]}, for {@code 0 ≤ e < n}. A loop may have buffers, so each thread makes a loop of its own.
 */
@FunctionalInterface
interface ElementLoop {
    void run(Object[] operands, int[] offsets, int[] steps, Object out, int k, int n);

    /** Creates the loops of an operation. */
    @FunctionalInterface
    interface Maker {
        /** Creates a loop for runs of at most {@code most} elements. */
        ElementLoop make(int most);
    }
}
