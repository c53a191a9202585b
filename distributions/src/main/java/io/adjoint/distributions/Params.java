package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Checks the parameters of a distribution, one after the other, and broadcasts them: to one shape, but for the axes of an event. The
 * constructor of a family with two parameters:
 *
 * <pre>{@code
 * Params params = new Params(Pareto.class).with("scale", scale, Constraint.POSITIVE).with("alpha", alpha, Constraint.POSITIVE);
 * scale = params.broadcast(scale);
 * alpha = params.broadcast(alpha);
 * }</pre>
 */
@CheckReturnValue
public final class Params {
    private final Class<?> family;
    private final @Nullable DType dtype;
    private final Shape shape;

    /** No parameters yet, of a family whose name messages begin with. */
    public Params(Class<? extends Distribution> family) {
        this(family, null, Shape.scalar());
    }

    private Params(Class<?> family, @Nullable DType dtype, Shape shape) {
        this.family = family;
        this.dtype = dtype;
        this.shape = shape;
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

    /**
     * These parameters and one more.
     *
     * @param value FLOAT64 or FLOAT32, as the other parameters; broadcasts with them, but for the axes of the constraint's events
     * @throws IllegalArgumentException if it does not satisfy the constraint, or does not fit the others; the message names it
     */
    public Params with(String name, Tensor value, Constraint constraint) {
        Tensor checked = checked(family, name, value, constraint);
        String owner = family.getSimpleName();
        DTypeException.requireSameFloating(owner, dtype == null ? checked.dtype() : dtype, checked.dtype());
        Shape batch = Terms.batch(checked.shape(), constraint.eventRank());
        return new Params(family, checked.dtype(), Shape.broadcast(owner, shape, batch));
    }

    /** The shape of all parameters together, the distribution's {@link Distribution#batchShape()}. */
    public Shape shape() {
        return shape;
    }

    /** A parameter that is a number for each distribution, in the broadcast shape. */
    public Tensor broadcast(Tensor value) {
        return value.shape().equals(shape) ? value : value.broadcastTo(shape);
    }
}
