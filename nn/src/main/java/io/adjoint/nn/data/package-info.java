/** Data sets, and the batches that a training loop takes from them. */
@NullMarked
package io.adjoint.nn.data;

import org.jspecify.annotations.NullMarked;
