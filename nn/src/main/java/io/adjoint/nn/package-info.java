/**
 * The base of models: blocks with parameters, and functions that layers are built of.
 *
 * <p>{@link io.adjoint.nn.Layer} maps a tensor to a tensor; {@link io.adjoint.nn.Sequential} applies layers one after the other;
 * {@link io.adjoint.nn.Block} is the base class of both, and has parameters, buffers, modes and state.
 *
 * <pre>{@code
 * Generator rng = new Generator(1);
 * Layer model = new Sequential(new Dense(2, 16, rng), new ReLU(), new Dense(16, 2, rng));
 * Tensor output = model.forward(Tensor.randn(rng, 32, 2));    // [32, 2]
 * }</pre>
 *
 * <p>Go on with {@link io.adjoint.nn.layer}, {@link io.adjoint.nn.loss}, {@link io.adjoint.nn.optim}, {@link io.adjoint.nn.data} and
 * {@link io.adjoint.nn.train}, and with {@code docs/first-model.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.nn;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
