/** Layers and losses, built of differentiable tensors. */
@NullMarked
package io.adjoint.nn;

import org.jspecify.annotations.NullMarked;
