/** Elementary and special functions of real numbers, in double precision: scalar functions, and loops that the JIT vectorises. */
@CheckReturnValue
@NullMarked
package io.adjoint.core.math;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
