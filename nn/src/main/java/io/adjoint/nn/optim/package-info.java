/**
 * Optimizers, which update a model's parameters from their gradients, and schedules of the learning rate.
 *
 * <p>{@link io.adjoint.nn.optim.Adam} and {@link io.adjoint.nn.optim.SGD} are the usual optimizers, {@link io.adjoint.nn.optim.Schedule}
 * is a learning rate that changes with the step.
 *
 * <pre>{@code
 * Optimizer optimizer = new Adam(model.parameters(), 1e-3);
 * optimizer.zeroGrad();
 * new CrossEntropy().forward(model.forward(x), y).backward();
 * optimizer.step();
 * }</pre>
 *
 * <p>Go on with {@code docs/optimizers.md}, and with {@link io.adjoint.nn.optim.Optimizer} to write your own.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
