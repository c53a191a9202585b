/**
 * Metrics: numbers that say how good predictions are, over all batches of an epoch.
 *
 * <p>{@link io.adjoint.nn.metric.Accuracy} and {@link io.adjoint.nn.metric.F1} measure classes,
 * {@link io.adjoint.nn.metric.MeanAbsoluteError} numbers.
 *
 * <pre>{@code
 * Accuracy accuracy = new Accuracy();
 * accuracy.update(scores, classes);    // once for each batch
 * double fraction = accuracy.value();
 * }</pre>
 *
 * <p>{@link io.adjoint.nn.train.Evaluator} and {@link io.adjoint.nn.train.Trainer} update metrics for you;
 * {@link io.adjoint.nn.metric.ClassScore} helps to write your own.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.metric;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
