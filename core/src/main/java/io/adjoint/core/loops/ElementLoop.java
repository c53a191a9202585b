package io.adjoint.core.loops;

import io.adjoint.core.Internal;

/**
 * An elementwise operation as a loop over neighbouring elements: for {@code 0 ≤ e < n}, {@code out[k + e]} is a function of the elements
 * {@code operands[o][offsets[o] + e·strides[o]]}, one of each operand o. A loop may have buffers, so no two threads run one loop at the
 * same time.
 *
 * @hidden
 */
@FunctionalInterface
@Internal
public interface ElementLoop {
    void run(Object[] operands, int[] offsets, int[] strides, Object out, int k, int n);

    /**
     * Creates the loops of an operation.
     *
     * @hidden
     */
    @FunctionalInterface
    interface Maker {
        /** Creates a loop of which each call computes at most {@code most} elements. */
        ElementLoop make(int most);
    }
}
