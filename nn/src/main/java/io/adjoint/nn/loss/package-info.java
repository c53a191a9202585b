/**
 * Losses: functions of predictions and targets that a training minimizes.
 *
 * <p>{@link io.adjoint.nn.loss.CrossEntropy} is for classes, {@link io.adjoint.nn.loss.BCEWithLogits} for yes or no,
 * {@link io.adjoint.nn.loss.MSE} for numbers.
 *
 * <pre>{@code
 * Tensor scores = Tensor.of(new double[][] {{2, 0}, {0, 1}});
 * Tensor classes = Tensor.of(0, 1).to(DType.INT32);
 * Tensor loss = new CrossEntropy().forward(scores, classes);
 * }</pre>
 *
 * <p>{@link io.adjoint.nn.loss.ElementwiseLoss} is the base class for a loss of your own.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.loss;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
