/** Data sets, and the batches that a training loop takes from them. */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.data;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
