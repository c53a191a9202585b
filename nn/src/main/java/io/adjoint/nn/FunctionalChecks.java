package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import org.jspecify.annotations.Nullable;

/** Checks arguments for several functions of {@link Functional}. */
final class FunctionalChecks {
    private FunctionalChecks() {}

    static void requireShape(String name, String what, @Nullable Tensor tensor, Shape expected, String why) {
        if (tensor != null && !tensor.shape().equals(expected)) {
            throw new ShapeException(
                    name + ": the " + what + " must be " + expected + ", " + why + ", but is " + tensor.shape());
        }
    }

    static void requireOneType(String name, Tensor x, @Nullable Tensor... others) {
        for (Tensor other : others) {
            if (other != null) {
                DTypeException.requireSameFloating(name, x.dtype(), other.dtype());
            }
        }
        x.dtype().requireFloating(name);
    }
}
