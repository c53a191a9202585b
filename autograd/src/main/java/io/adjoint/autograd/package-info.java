/** Tensors that record the operations made on them and differentiate through them in reverse. */
@CheckReturnValue
@NullMarked
package io.adjoint.autograd;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
