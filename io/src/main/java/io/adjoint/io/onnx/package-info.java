/**
 * Models as files of ONNX. {@link io.adjoint.io.onnx.OnnxRules} has an entry for each layer: the nodes that compute it.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
