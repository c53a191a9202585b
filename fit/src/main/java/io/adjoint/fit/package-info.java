/**
 * Fits the parameters of functions to data.
 *
 * <p>{@link io.adjoint.fit.LeastSquares} minimises a sum of squared residuals with an exact Jacobian, weights, robust losses and bounds.
 * {@link io.adjoint.fit.Fit} has the parameters with their standard errors. {@link io.adjoint.fit.Minimize} minimises any other function.
 *
 * <p>Go on with {@code docs/fitting.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.fit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
