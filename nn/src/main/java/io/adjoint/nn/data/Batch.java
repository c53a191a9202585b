package io.adjoint.nn.data;

import io.adjoint.autograd.Tensor;

/**
 * Inputs with their targets: those of several samples, stacked along axis 0, as a {@link DataLoader} gives them; as a sample of a {@link
 * Dataset}, one input with its target, without that axis.
 *
 * @param x the inputs
 * @param y the targets, one for each input
 */
public record Batch(Tensor x, Tensor y) {}
