/** Small, complete programs that show how to use Adjoint. */
@NullMarked
package io.adjoint.examples;

import org.jspecify.annotations.NullMarked;
