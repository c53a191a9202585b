package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;

/** A family of all real numbers with a location, which is the mode. */
@CheckReturnValue
interface Located extends Distribution {
    /** The location, in the shape of the batch. */
    Tensor loc();

    @Override
    default Shape batchShape() {
        return loc().shape();
    }

    @Override
    default Constraint support() {
        return Constraint.REAL;
    }

    @Override
    default Tensor mode() {
        return loc();
    }
}
