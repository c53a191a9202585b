/** Optimizers and learning-rate schedules, which update a model's parameters from their gradients. */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
