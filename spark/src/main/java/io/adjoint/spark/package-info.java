/**
 * Trainings by the tasks of an Apache Spark job, and estimators, models and transformers of Spark ML.
 *
 * <p>{@link io.adjoint.spark.NeuralClassifier} and {@link io.adjoint.spark.NeuralRegressor} are used as Spark's own estimators are;
 * {@link io.adjoint.spark.SparkTraining} runs your own training on all workers.
 *
 * <p>Go on with {@code docs/spark.md}.
 */
@NullMarked
package io.adjoint.spark;

import org.jspecify.annotations.NullMarked;
