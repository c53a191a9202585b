/**
 * Communication of workers that train one model together.
 *
 * <p>{@link io.adjoint.nn.parallel.Collective} exchanges arrays between threads or JVMs; {@link io.adjoint.nn.parallel.Rendezvous} is the
 * address at which JVMs meet; {@link io.adjoint.nn.parallel.ConnectOptions} has the time-outs. A training uses them by
 * {@link io.adjoint.nn.train.DataParallel}.
 *
 * <p>Go on with {@code docs/parallel.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.nn.parallel;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
