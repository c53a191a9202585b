package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of a distribution, one after the other, and broadcasts them: to one shape, but for the axes of an event. */
final class Params {
    private final Class<?> family;
    private @Nullable DType dtype;
    private Shape shape = Shape.scalar();

    Params(Class<?> family) {
        this.family = family;
    }

    /** A parameter that has been found to be floating and to satisfy the constraint. */
    static Tensor checked(Class<?> family, String name, @Nullable Tensor value, Constraint constraint) {
        String owner = family.getSimpleName();
        if (value == null) {
            throw new IllegalArgumentException(owner + ": " + name + " is null");
        }
        value.dtype().requireFloating(owner);
        constraint.require(owner, name, value);
        return value;
    }

    /** One number for all distributions, in the dtype of another parameter. */
    static Tensor number(Class<?> family, double value, Tensor other) {
        other.dtype().requireFloating(family.getSimpleName());
        return Terms.constant(other.dtype(), value);
    }

    /** Adds a parameter, which must satisfy the constraint and have the dtype of the others. */
    Params with(String name, Tensor value, Constraint constraint) {
        Tensor checked = checked(family, name, value, constraint);
        String owner = family.getSimpleName();
        dtype = dtype == null ? checked.dtype() : dtype;
        DTypeException.requireSameFloating(owner, dtype, checked.dtype());
        shape = Shape.broadcast(owner, shape, Terms.batch(checked.shape(), constraint.eventRank()));
        return this;
    }

    Shape shape() {
        return shape;
    }

    /** A parameter in the broadcast shape. */
    Tensor broadcast(Tensor value) {
        return value.shape().equals(shape) ? value : value.broadcastTo(shape);
    }
}
