/**
 * Recorded computations as text and pictures.
 *
 * <p>{@link io.adjoint.autograd.view.GraphView} draws the graph of a tensor, {@link io.adjoint.autograd.view.ChainRule} lists the
 * backward pass step by step with its numbers, and {@link io.adjoint.autograd.view.Notation} gives the formula of an operation.
 *
 * <p>Go on with {@code docs/chain-rule.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.autograd.view;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
