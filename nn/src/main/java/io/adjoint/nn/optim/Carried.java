package io.adjoint.nn.optim;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.StateFields;
import java.util.function.UnaryOperator;

/**
 * An array that a parameter carries from step to step.
 *
 * @param name its name in the state
 * @param slot its type and shape, of those of the parameter
 * @param initial the value of all its elements before the first step
 */
record Carried(String name, UnaryOperator<StateFields.Slot> slot, double initial) {
    /** Zeros of the parameter's type and shape. */
    static Carried like(String name) {
        return like(name, 0);
    }

    /** Elements of the parameter's type and shape. */
    static Carried like(String name, double initial) {
        return new Carried(name, UnaryOperator.identity(), initial);
    }

    /** A number in double precision. */
    static Carried number(String name, double initial) {
        return new Carried(name, parameter -> new StateFields.Slot(DType.FLOAT64, Shape.scalar()), initial);
    }

    NdArray create(NdArray parameter) {
        StateFields.Slot own = slot(parameter);
        return NdArray.full(own.dtype(), own.shape(), initial);
    }

    StateFields.Slot slot(NdArray parameter) {
        return slot.apply(StateFields.Slot.of(parameter));
    }
}
