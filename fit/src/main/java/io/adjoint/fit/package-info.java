/**
 * Fits the parameters of functions to data.
 *
 * <p>{@link io.adjoint.fit.LeastSquares} minimises a sum of squared residuals with an exact Jacobian, weights, robust losses and bounds.
 * {@link io.adjoint.fit.Fit} has the parameters with their standard errors. {@link io.adjoint.fit.Minimize} minimises any other function.
 *
 * <pre>{@code
 * record Decay(Tensor amplitude, Tensor rate) {}
 *
 * Fit<Decay> fit = LeastSquares.of((Decay p) -> p.amplitude().mul(t.mul(p.rate()).neg().exp()).sub(y))
 *         .from(new Decay(Tensor.scalar(1), Tensor.scalar(1)));
 * double rate = fit.parameters().rate().item();
 * double error = fit.standardErrors().rate().item();
 * }</pre>
 *
 * <p>Go on with {@code docs/fitting.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.fit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
