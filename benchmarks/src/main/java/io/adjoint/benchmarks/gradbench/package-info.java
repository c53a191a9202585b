/**
 * A tool for <a href="https://github.com/gradbench/gradbench">GradBench</a>, a benchmark suite for automatic differentiation:
 * {@link io.adjoint.benchmarks.gradbench.GradBench} is the program, and each class {@code …Eval} has the formula of one eval, whose page
 * in GradBench's folder {@code evals} defines it.
 */
@NullMarked
package io.adjoint.benchmarks.gradbench;

import org.jspecify.annotations.NullMarked;
