/** Tensors that record the operations made on them and differentiate through them in reverse. */
@NullMarked
package io.adjoint.autograd;

import org.jspecify.annotations.NullMarked;
