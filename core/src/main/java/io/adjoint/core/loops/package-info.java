/**
 * Loops over consecutive elements of Java arrays of one type, which know no shapes. {@link io.adjoint.core.loops.Kernel},
 * {@link io.adjoint.core.loops.BinaryKernel} and {@link io.adjoint.core.loops.UpdateKernel} are for users; all other types are internal.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.core.loops;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
