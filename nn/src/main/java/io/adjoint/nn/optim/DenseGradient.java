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
 * A parameter's gradient, such as one of a transposed parameter or of a sum, which repeats a number, and the memory where it becomes
 * dense. All those of a step share it, so it is as large as the largest of them, and there before the first parameter is updated.
 *
 * @param given the gradient as it was computed
 * @param space an array of its shape; itself if it is dense
 */
record DenseGradient(NdArray given, NdArray space) {
    /** The gradients of a step. */
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

    /** The dense gradient, until another of the step is asked for its own. */
    @SuppressWarnings("ReferenceEquality") // the same array, not one with the same numbers
    NdArray dense() {
        if (space != given) {
            InPlace.assign(space, given);
        }
        return space;
    }
}
