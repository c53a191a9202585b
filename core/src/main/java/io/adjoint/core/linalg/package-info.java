/** Internal: decompositions, inverses and solutions of matrices, by EJML. */
@CheckReturnValue
@NullMarked
package io.adjoint.core.linalg;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
