/**
 * Layers: blocks that map one tensor to another, with PyTorch's names.
 *
 * <p>{@link io.adjoint.nn.layer.Dense} is the fully connected layer, {@link io.adjoint.nn.layer.Conv2d} the convolution of images,
 * {@link io.adjoint.nn.layer.LSTM} the recurrent network for sequences.
 *
 * <pre>{@code
 * Layer model = new Sequential(
 *         new Conv2d(1, 8, 3, rng), new ReLU(), new MaxPool2d(2), new Flatten(), new Dense(8 * 13 * 13, 10, rng));
 * Tensor scores = model.forward(Tensor.randn(rng, 32, 1, 28, 28));    // [32, 10]
 * }</pre>
 *
 * <p>Extend {@link io.adjoint.nn.Layer} to write your own. {@code docs/layers.md} lists all layers.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
