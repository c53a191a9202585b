/** Ways to choose the first values of a model's parameters. */
@NullMarked
package io.adjoint.nn.init;

import org.jspecify.annotations.NullMarked;
