package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;

/**
 * Inputs with their targets. A batch of a {@link DataLoader} has the inputs and targets of several samples, stacked along axis 0; a sample
 * of a {@link Dataset} has one input and its target, without that axis.
 *
 * @param x the inputs
 * @param y the targets, one for each input
 */
public record Batch(Tensor x, Tensor y) {}
