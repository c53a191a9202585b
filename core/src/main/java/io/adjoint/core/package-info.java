/** Arrays with their shapes, element types and storage, and the kernels that compute with arrays, without any gradients. */
@CheckReturnValue
@NullMarked
package io.adjoint.core;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
