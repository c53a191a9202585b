package io.adjoint.nn.optim;

import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A parameter's gradient and the memory to which it is copied if it isn't contiguous, such as a transposed or a broadcast gradient. All
 * gradients of one dtype in a step share this memory, which has the size of the largest gradient and is allocated before the first
 * parameter changes.
 *
 * @param given the gradient as it was computed, possibly a view with strides
 * @param space a contiguous array of the gradient's shape; the gradient itself if that is contiguous
 */
record DenseGradient(NdArray given, NdArray space) {
    /** Pairs each gradient of a step with its memory, which is allocated here. */
    static List<DenseGradient> of(List<NdArray> gradients) {
        Map<DType, Integer> sizes = new EnumMap<>(DType.class);
        for (NdArray gradient : gradients) {
            if (!gradient.isContiguous()) {
                sizes.merge(gradient.dtype(), gradient.size(), Math::max);
            }
        }
        Map<DType, NdArray> spaces = new EnumMap<>(DType.class);
        sizes.forEach((dtype, size) -> spaces.put(dtype, NdArray.zeros(dtype, Shape.of(size))));
        List<DenseGradient> dense = new ArrayList<>(gradients.size());
        for (NdArray gradient : gradients) {
            NdArray space = spaces.get(gradient.dtype());
            dense.add(new DenseGradient(
                    gradient,
                    space == null || gradient.isContiguous()
                            ? gradient
                            : space.slice(0, 0, gradient.size()).reshape(gradient.shape())));
        }
        return dense;
    }

    /**
     * Returns the gradient as a contiguous array, {@link #space}. Its elements are valid until this method is called for another gradient
     * of the step.
     */
    @SuppressWarnings("ReferenceEquality") // the comparison asks whether the arrays are the same object
    NdArray dense() {
        if (space != given) {
            InPlace.assign(space, given);
        }
        return space;
    }
}
