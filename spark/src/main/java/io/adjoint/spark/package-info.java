/** Trainings by the tasks of an Apache Spark job. */
@NullMarked
package io.adjoint.spark;

import org.jspecify.annotations.NullMarked;
