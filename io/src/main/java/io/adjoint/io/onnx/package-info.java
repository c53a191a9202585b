/**
 * Models as ONNX files, for other runtimes.
 *
 * <p>{@link io.adjoint.io.onnx.Onnx} writes the file, {@link io.adjoint.io.onnx.OnnxOptions} name inputs, outputs and rules,
 * {@link io.adjoint.io.onnx.OnnxOperation} adds the nodes of an operation without a counterpart.
 *
 * <pre>{@code
 * Onnx.export(Path.of("model.onnx"), model, Shape.of(1, 1, 28, 28));
 * }</pre>
 *
 * <p>Go on with {@code docs/files.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.io.onnx;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
