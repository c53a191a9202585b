/** Shapes, element types, storage and the kernels that compute on it, without any gradients. */
@CheckReturnValue
@NullMarked
package io.adjoint.core;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
