/** Internal: loops on several threads, their scratch, variables that have a value for each thread, and a clock of all threads. */
@CheckReturnValue
@NullMarked
package io.adjoint.core.parallel;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
