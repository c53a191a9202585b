/** Function transforms: Jacobians, Hessians, products with them, and gradients of records and collections of tensors. */
@CheckReturnValue
@NullMarked
package io.adjoint.autograd.transforms;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
