package io.adjoint.nn.optim;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.UpdateKernel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The formula of one step of an {@link Optimizer} for one parameter. Its loops get the parameter, its gradient, and the arrays that the
 * parameter carries from step to step, in the order of their names; these begin as zeros.
 *
 * @param doubles the loop over FLOAT64 elements
 * @param floats the loop over FLOAT32 elements; null to widen them for the other one
 * @param arrays the names of the arrays
 */
public record Update(
        UpdateKernel<double[]> doubles, @Nullable UpdateKernel<float[]> floats, List<String> arrays) {
    /** A formula with a loop for each type. */
    public Update {
        arrays = List.copyOf(arrays);
    }

    /** A formula with a loop for each type. */
    public Update(UpdateKernel<double[]> doubles, UpdateKernel<float[]> floats, String... arrays) {
        this(doubles, floats, List.of(arrays));
    }

    /** A formula with one loop, for which FLOAT32 elements are widened. */
    public Update(UpdateKernel<double[]> doubles, String... arrays) {
        this(doubles, null, List.of(arrays));
    }

    void apply(NdArray parameter, NdArray gradient, NdArray[] states) {
        if (floats == null) {
            InPlace.update(parameter, gradient, doubles, states);
        } else {
            InPlace.update(parameter, gradient, doubles, floats, states);
        }
    }
}
