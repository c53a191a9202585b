/** Internal: elementary and special functions of real numbers, as scalar functions and as loops that the JIT vectorizes. */
@CheckReturnValue
@NullMarked
package io.adjoint.core.math;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
