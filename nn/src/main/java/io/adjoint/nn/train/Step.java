package io.adjoint.nn.train;

/**
 * A step of the optimizer, for logs.
 *
 * @param at the moment after it
 * @param loss the loss of the last batch before the step; NaN if that batch was before a state that was loaded
 * @param learningRate the optimizer's learning rate; NaN if nobody knows it
 * @param gradientNorm the norm of all gradients before clipping; NaN unless a {@link Trainer} clips by it or has
 *     {@link Trainer#measureGradientNorm}
 * @param done the part of the training that is over, from 0 to 1; NaN if nobody knows it
 */
public record Step(Moment at, double loss, double learningRate, double gradientNorm, double done) {}
