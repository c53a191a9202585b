package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;

/**
 * Some samples of a data set.
 *
 * @param x their inputs, stacked along axis 0
 * @param y their targets, likewise
 */
public record Batch(Tensor x, Tensor y) {}
