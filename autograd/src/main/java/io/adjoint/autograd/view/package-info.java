/** Computations to look at: graphs as text and pictures, and the chain rule with its numbers. */
@CheckReturnValue
@NullMarked
package io.adjoint.autograd.view;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
