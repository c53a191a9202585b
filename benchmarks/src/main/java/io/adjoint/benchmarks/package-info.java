/** JMH benchmarks of the kernels and of whole training steps. */
@NullMarked
package io.adjoint.benchmarks;

import org.jspecify.annotations.NullMarked;
