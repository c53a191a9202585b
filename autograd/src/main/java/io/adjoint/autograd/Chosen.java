package io.adjoint.autograd;

/**
 * Elements that were chosen from an axis.
 *
 * @param values the elements; their gradients go to where they were
 * @param indices where they were on the axis, INT32
 */
public record Chosen(Tensor values, Tensor indices) {}
