/**
 * Files of tensors: safetensors, NumPy's, weights of PyTorch, checkpoints. A state is a map of names to arrays, as blocks, optimizers and
 * generators give and take it; files know no more of them.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.io;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
