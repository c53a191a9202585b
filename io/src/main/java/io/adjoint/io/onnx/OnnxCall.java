package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A call of an operator that {@link OnnxEvaluator} computes.
 *
 * @param attributes the attributes of the node
 * @param inputs the inputs; null for an omitted one
 * @param outputs the number of requested outputs
 * @param dtype the dtype in which the file's FLOAT32 values are computed when the export is checked
 */
record OnnxCall(OnnxAttributes attributes, List<@Nullable Tensor> inputs, int outputs, DType dtype) {
    /** Input k, which is required. */
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

    /** The elements of input k, an INT32 tensor. */
    int[] integers(int k) {
        in(k).dtype().requireIndex("input " + k);
        return in(k).data().toIntArray();
    }

    /** The axis that the attribute {@code axis} gives, or {@code otherwise} without it, as a number from 0 on. */
    int axis(int otherwise) {
        return axis(attributes.integerOr("axis", otherwise), x().shape().rank());
    }

    /** The axes of the attribute {@code axes}; all axes without it. */
    int[] axes() {
        int rank = x().shape().rank();
        return attributes.integersOr("axes", IntStream.range(0, rank).toArray());
    }

    Dims dims() {
        return attributes.integerOr("keepdims", 1) == 1 ? Dims.KEEP : Dims.DROP;
    }

    static int axis(int axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new IllegalArgumentException("there is no axis " + axis + " of " + rank);
        }
        return axis < 0 ? axis + rank : axis;
    }
}
