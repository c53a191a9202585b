/**
 * Matrix products, convolutions, arithmetic, elementary functions and sums by the Vector API of the JDK, with the bits of the default
 * loops. With this module on the class path and the JVM's option {@code --add-modules jdk.incubator.vector}, all but small arrays use
 * vectors; {@link io.adjoint.core.Backend} says how to choose the loops, and how to see which loops run. The system property
 * {@code adjoint.simd.bits}, 128, 256 or 512, sets the length of the vectors; vectors longer than the JVM's own are many times slower.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.simd;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
