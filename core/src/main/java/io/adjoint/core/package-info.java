/**
 * Arrays with shapes and element types, without gradients.
 *
 * <p>{@link io.adjoint.core.NdArray} is the array; {@link io.adjoint.core.DType} lists the element types FLOAT64, FLOAT32, INT32 and BOOL;
 * {@link io.adjoint.core.Generator} draws random numbers that a seed fixes on every JDK.
 *
 * <pre>{@code
 * NdArray x = NdArray.of(Shape.of(2, 2), 1, 2, 3, 4);
 * NdArray y = x.matmul(x).sum(Dims.KEEP, 1);    // [2, 1]: 17, 37
 * }</pre>
 *
 * <p>{@code Tensor}, in {@code io.adjoint.autograd}, has the same operations with gradients; {@code docs/tensors.md} describes both.
 * Kernels, loops and pools are public for the other modules only; {@link io.adjoint.core.Internal} marks them, and they may change at any
 * time.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.core;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
