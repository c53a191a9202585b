/**
 * Solutions of equations, as differentiable functions of all that occurs in the equations.
 *
 * <p>{@link io.adjoint.autograd.equations.Implicit} solves {@code f(x) = 0}, {@code f(x) = x} and {@code f(x) → min};
 * {@link io.adjoint.autograd.equations.Odes} solves {@code dy/dt = f(t, y)}. A function may capture any tensors, such as the parameters of
 * a model: they get their gradients.
 *
 * <pre>{@code
 * Tensor a = Tensor.scalar(2).requiresGrad(true);
 * Tensor x = Implicit.root(v -> v.square().sub(a), Tensor.scalar(1));      // √2
 * x.backward();                                                            // a.grad() is 1/(2·√2)
 * }</pre>
 */
@CheckReturnValue
@NullMarked
package io.adjoint.autograd.equations;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
