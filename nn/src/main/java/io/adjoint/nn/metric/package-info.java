/** Figures that say how good predictions are, over all batches of an epoch. */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
