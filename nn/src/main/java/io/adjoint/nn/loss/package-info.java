/** Losses: scalar measures of how far predictions are from targets. */
@NullMarked
package io.adjoint.nn.loss;

import org.jspecify.annotations.NullMarked;
