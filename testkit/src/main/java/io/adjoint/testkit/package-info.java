/** Gradient checks and jqwik generators for tests of code that uses Adjoint. */
@NullMarked
package io.adjoint.testkit;

import org.jspecify.annotations.NullMarked;
