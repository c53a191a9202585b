/** Helpers around a training loop, all of them optional: a {@link io.adjoint.nn.train.Trainer} and a {@link io.adjoint.nn.train.Doctor}. */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.train;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
