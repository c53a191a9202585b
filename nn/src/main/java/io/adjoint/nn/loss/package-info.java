/** Losses: scalar measures of how far predictions are from targets. */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
