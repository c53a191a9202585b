package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An operator with its inputs, to be computed.
 *
 * @param attributes of the node
 * @param inputs null for one that is left out
 * @param outputs the number of outputs that are wanted
 * @param dtype the type that stands for FLOAT32
 */
record OnnxCall(OnnxAttributes attributes, List<@Nullable Tensor> inputs, int outputs, DType dtype) {
    /** An input that must be there. */
    Tensor in(int k) {
        Tensor input = optional(k);
        if (input == null) {
            throw new IllegalArgumentException("input " + k + " is left out");
        }
        return input;
    }

    Tensor x() {
        return in(0);
    }

    @Nullable
    Tensor optional(int k) {
        return k < inputs.size() ? inputs.get(k) : null;
    }

    boolean has(int k) {
        return optional(k) != null;
    }

    /** The elements of an input of integers. */
    int[] integers(int k) {
        in(k).dtype().requireIndex("input " + k);
        return in(k).data().toIntArray();
    }

    /** The axis that an attribute names, from 0 on. */
    int axis(int otherwise) {
        return axis(attributes.integerOr("axis", otherwise), x().shape().rank());
    }

    /** The axes that an attribute names, all if there is none. */
    int[] axes() {
        int rank = x().shape().rank();
        return attributes.integersOr("axes", IntStream.range(0, rank).toArray());
    }

    boolean keepsAxes() {
        return attributes.integerOr("keepdims", 1) == 1;
    }

    static int axis(int axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new IllegalArgumentException("there is no axis " + axis + " of " + rank);
        }
        return axis < 0 ? axis + rank : axis;
    }
}
