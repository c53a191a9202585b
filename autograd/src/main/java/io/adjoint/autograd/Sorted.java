package io.adjoint.autograd;

/**
 * Elements in order.
 *
 * @param values the elements, through which gradients go back to where they came from
 * @param indices INT32, of the same shape: where each was along the sorted axis
 */
public record Sorted(Tensor values, Tensor indices) {}
