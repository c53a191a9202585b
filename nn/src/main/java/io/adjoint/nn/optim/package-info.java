/** Optimizers and learning-rate schedules, which update a model's parameters from their gradients. */
@NullMarked
package io.adjoint.nn.optim;

import org.jspecify.annotations.NullMarked;
