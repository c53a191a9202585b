package io.adjoint.autograd;

/**
 * The different elements of a tensor; no gradient goes through them.
 *
 * @param values each of them once, in ascending order
 * @param inverse INT32, of the tensor's shape: which of the values each element is
 * @param counts INT32, how often each of the values occurs
 */
public record Unique(Tensor values, Tensor inverse, Tensor counts) {}
