/**
 * Faster loops by the Vector API of the JDK, with the bits of the default loops.
 *
 * <p>With this module on the class path and the JVM's option {@code --add-modules jdk.incubator.vector}, matrix products, convolutions,
 * arithmetic, elementary functions and sums of all but small arrays use vectors. {@link io.adjoint.core.Backend} chooses the loops and
 * says which loops run. The system property {@code adjoint.simd.bits}, 128, 256 or 512, sets the length of the vectors; vectors longer than
 * the JVM's own are many times slower.
 *
 * <p>Go on with {@code docs/performance.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.simd;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
