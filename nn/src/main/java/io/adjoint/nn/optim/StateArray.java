package io.adjoint.nn.optim;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.util.function.UnaryOperator;

/**
 * An array that an {@link Optimizer} carries from step to step for each parameter, such as a momentum. It is saved and loaded under its
 * name.
 *
 * @param name its name in the state
 * @param first makes a new array from the elements of a parameter before its first step; all states have its dtype and shape
 */
public record StateArray(String name, UnaryOperator<NdArray> first) {
    /** Zeros of the parameter's dtype and shape. */
    public static StateArray like(String name) {
        return like(name, 0);
    }

    /** Elements of the parameter's dtype and shape that have one value. */
    public static StateArray like(String name, double initial) {
        return new StateArray(name, parameter -> NdArray.full(parameter.dtype(), parameter.shape(), initial));
    }

    /** A number in double precision: a FLOAT64 scalar. */
    public static StateArray number(String name, double initial) {
        return new StateArray(name, parameter -> NdArray.scalar(DType.FLOAT64, initial));
    }
}
