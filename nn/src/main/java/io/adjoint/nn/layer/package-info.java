/** Layers: blocks that map one tensor to another. */
@NullMarked
package io.adjoint.nn.layer;

import org.jspecify.annotations.NullMarked;
