/** Internal: loops on several threads, their scratch, and variables that have a value for each thread. */
@CheckReturnValue
@NullMarked
package io.adjoint.core.parallel;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
