/**
 * Files of tensors: safetensors, NumPy's npy and npz, PyTorch's weights, checkpoints of trainings.
 *
 * <p>{@link io.adjoint.io.Safetensors} saves and loads the state of a model, {@link io.adjoint.io.StateDict} takes and gives weights under
 * PyTorch's names, {@link io.adjoint.io.Checkpoints} let a training continue after it was stopped.
 *
 * <pre>{@code
 * Safetensors.save(Path.of("model.safetensors"), model.state());
 * model.load(Safetensors.load(Path.of("model.safetensors")));
 * }</pre>
 *
 * <p>A state is a map of names to arrays; blocks, optimizers and generators have one. Go on with {@link io.adjoint.io.onnx} for ONNX, and
 * with {@code docs/files.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.io;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
