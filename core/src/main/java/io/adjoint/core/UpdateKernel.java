package io.adjoint.core;

/** The arithmetic of an optimiser's step as a loop over consecutive numbers; see {@link InPlace#update}. */
@FunctionalInterface
public interface UpdateKernel {
    /**
     * Updates n elements of the parameter {@code operands[0]} and of the states {@code operands[2…]} from the gradient
     * {@code operands[1]}; operand o begins at {@code offsets[o]}. The gradient must be left as it is.
     */
    void apply(double[][] operands, int[] offsets, int n);
}
