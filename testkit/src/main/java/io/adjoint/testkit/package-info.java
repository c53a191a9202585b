/**
 * Property tests for operations, layers, optimizers, metrics and schedules, and jqwik generators of tensors.
 *
 * <p>{@link io.adjoint.testkit.GradientProperty} tests an operation by one annotated method,
 * {@link io.adjoint.testkit.Operation} by all checks, {@link io.adjoint.testkit.LayerSpec} does so for a layer.
 *
 * <pre>{@code
 * @GradientProperty(order = 2)
 * Tensor softplus(@Domain(min = -30, max = 30) Tensor x) {
 *     return MyOps.softplus(x);
 * }
 * }</pre>
 *
 * <p>Go on with {@code docs/property-testing.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
