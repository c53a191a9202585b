/** Layers: blocks that map one tensor to another. */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.layer;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
