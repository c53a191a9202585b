package io.adjoint.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** The expected value of an operation, computed as plainly as possible: an element at a time, without the library's loops. */
@FunctionalInterface
public interface Reference {
    /** The value for these inputs and arguments; FLOAT64 for inputs of any type. */
    NdArray of(NdArray[] inputs, int[] arguments);

    /** A function of each element. */
    static Reference each(DoubleUnaryOperator function) {
        return (inputs, arguments) -> build(inputs[0].shape(), index -> function.applyAsDouble(inputs[0].get(index)));
    }

    /** A function of each pair of elements of two arrays that broadcast. */
    static Reference each(DoubleBinaryOperator function) {
        return (inputs, arguments) -> build(
                Shape.broadcast("reference", inputs[0].shape(), inputs[1].shape()),
                index -> function.applyAsDouble(broadcast(inputs[0], index), broadcast(inputs[1], index)));
    }

    /** An array whose elements a function computes from their indices. */
    @CanIgnoreReturnValue
    static NdArray build(Shape shape, Element element) {
        double[] values = new double[shape.size()];
        int[] index = new int[shape.rank()];
        for (int e = 0; e < values.length; e++) {
            values[e] = element.at(index.clone());
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.dim(axis); axis--) {
                index[axis] = 0;
            }
        }
        return NdArray.of(shape, values);
    }

    /** The element that broadcasting puts at an index. */
    static double broadcast(NdArray array, int... index) {
        int[] own = new int[array.shape().rank()];
        for (int axis = 0; axis < own.length; axis++) {
            own[axis] = array.shape().dim(axis) == 1 ? 0 : index[index.length - own.length + axis];
        }
        return array.get(own);
    }

    /** The element at an index. */
    @FunctionalInterface
    interface Element {
        /** The element at the given index. */
        double at(int... index);
    }
}
