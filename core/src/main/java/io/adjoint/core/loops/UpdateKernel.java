package io.adjoint.core.loops;

import io.adjoint.core.InPlace;

/**
 * The arithmetic of an optimiser's step as a loop over numbers; see {@link InPlace#update}. All operands use one index: only then does the
 * JIT know that no iteration reads an element that another one writes, and vectorise the loop, which makes it four times as fast.
 *
 * @param <A> the Java array of the numbers: {@code double[]} or {@code float[]}
 */
@FunctionalInterface
public interface UpdateKernel<A> {
    /**
     * Updates the elements {@code [from, to)} of the parameter {@code operands[0]} and of the states {@code operands[2…]} from the elements
     * of the gradient {@code operands[1]}. A kernel must not change the gradient or any other element, and
     * must keep no array after the step, since later gradients are written to the gradient's array; several threads may call a kernel at
     * once, each for its own elements.
     */
    void apply(A[] operands, int from, int to);
}
