/**
 * Trainings by the tasks of an Apache Spark job, and estimators, models and transformers of Spark ML.
 *
 * <p>{@link io.adjoint.spark.NeuralClassifier} and {@link io.adjoint.spark.NeuralRegressor} are used as Spark's own estimators are.
 * {@link io.adjoint.spark.SparkTraining} runs any training of the program's own.
 */
@NullMarked
package io.adjoint.spark;

import org.jspecify.annotations.NullMarked;
