/**
 * Tensors that record the operations made on them, and their gradients by reverse-mode differentiation.
 *
 * <p>{@link io.adjoint.autograd.Tensor} has all operations; {@link io.adjoint.autograd.Autograd} computes gradients as values, switches
 * recording off, and adds operations of your own; {@link io.adjoint.autograd.GradCheck} compares a gradient with numeric differences.
 *
 * <pre>{@code
 * Tensor x = Tensor.of(1, 2, 3).requiresGrad(true);
 * Tensor y = x.square().sum();
 * Tensor gradient = Autograd.grad(y, x);    // [2, 4, 6]
 * }</pre>
 *
 * <p>Go on with {@link io.adjoint.autograd.transforms} for Jacobians and Hessians, {@link io.adjoint.autograd.view} to look at a graph,
 * and {@code docs/tensors.md}, {@code docs/functions.md} and {@code docs/custom-operations.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.autograd;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
