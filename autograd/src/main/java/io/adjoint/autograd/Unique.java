package io.adjoint.autograd;

/**
 * The different elements of a tensor, without gradient.
 *
 * @param values each different element once, in ascending order
 * @param inverse INT32, of the tensor's shape: the index of each element among the values
 * @param counts INT32, the number of times that each of the values occurs
 */
public record Unique(Tensor values, Tensor inverse, Tensor counts) {}
