/** Shapes, element types, storage and the kernels that compute on it, without any gradients. */
@NullMarked
package io.adjoint.core;

import org.jspecify.annotations.NullMarked;
