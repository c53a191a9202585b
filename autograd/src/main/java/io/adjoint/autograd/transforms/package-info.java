/**
 * Derivatives of functions: gradients, Jacobians, Hessians, and products with them.
 *
 * <p>{@link io.adjoint.autograd.transforms.Transforms} has them as static methods, for functions of a tensor, or of a record, list or map
 * of tensors, which {@link io.adjoint.autograd.transforms.Trees} takes apart; {@link io.adjoint.autograd.transforms.JacobianMode} selects
 * forward or reverse mode.
 *
 * <pre>{@code
 * Tensor at = Tensor.of(1, 2);
 * Tensor gradient = Transforms.grad(x -> x.pow(3).sum(), at);       // [3, 12]
 * Tensor hessian = Transforms.hessian(x -> x.pow(3).sum(), at);     // [[6, 0], [0, 12]]
 * }</pre>
 *
 * <p>Go on with {@code docs/functions.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.autograd.transforms;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
