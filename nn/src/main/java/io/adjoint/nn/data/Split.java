package io.adjoint.nn.data;

/**
 * A split for cross-validation.
 *
 * @param train the samples to train on
 * @param test the samples held out
 * @param <S> the type of a sample
 */
public record Split<S>(Dataset<S> train, Dataset<S> test) {}
