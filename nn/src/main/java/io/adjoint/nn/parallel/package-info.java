/** Workers that train one model together: the {@link io.adjoint.nn.parallel.Collective} by which they exchange arrays. */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.parallel;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
