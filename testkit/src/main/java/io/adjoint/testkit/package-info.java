/** Gradient checks and jqwik generators for tests of code that uses Adjoint. */
@CheckReturnValue
@NullMarked
package io.adjoint.testkit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
