/** Computations to look at: graphs as text and pictures, and the chain rule with its numbers. */
@NullMarked
package io.adjoint.autograd.view;

import org.jspecify.annotations.NullMarked;
