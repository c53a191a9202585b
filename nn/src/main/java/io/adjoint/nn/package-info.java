/** Layers and losses, built of differentiable tensors. */
@CheckReturnValue
@NullMarked
package io.adjoint.nn;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
