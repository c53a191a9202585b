package io.adjoint.nn.optim;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.UpdateKernel;
import java.util.List;
import java.util.stream.Stream;

/**
 * The formula of one step of an {@link Optimizer} for one parameter. Its loops get the parameter, its gradient, and the arrays that the
 * parameter carries from step to step, in the order of their names; these begin as zeros.
 */
public final class Update {
    private final Formula formula;
    private final List<Carried> carried;

    /** A formula that is no loop over corresponding elements. */
    @FunctionalInterface
    interface Formula {
        /** Changes the parameter and the arrays that it carries in place. */
        void apply(NdArray parameter, NdArray gradient, NdArray[] carried);
    }

    Update(List<Carried> carried, Formula formula) {
        this.carried = List.copyOf(carried);
        this.formula = formula;
    }

    Update(UpdateKernel<double[]> doubles, UpdateKernel<float[]> floats, List<Carried> carried) {
        this(carried, (parameter, gradient, arrays) -> InPlace.update(parameter, gradient, doubles, floats, arrays));
    }

    /**
     * A formula with a loop for each type.
     *
     * @param doubles the loop over FLOAT64 elements
     * @param floats the loop over FLOAT32 elements
     * @param arrays the names of the arrays
     */
    public Update(UpdateKernel<double[]> doubles, UpdateKernel<float[]> floats, String... arrays) {
        this(doubles, floats, Stream.of(arrays).map(Carried::like).toList());
    }

    /**
     * A formula with one loop, for which FLOAT32 elements are widened.
     *
     * @param doubles the loop
     * @param arrays the names of the arrays
     */
    public Update(UpdateKernel<double[]> doubles, String... arrays) {
        this(
                Stream.of(arrays).map(Carried::like).toList(),
                (parameter, gradient, carried) -> InPlace.update(parameter, gradient, doubles, carried));
    }

    List<Carried> carried() {
        return carried;
    }

    void apply(NdArray parameter, NdArray gradient, NdArray[] arrays) {
        formula.apply(parameter, gradient, arrays);
    }

    @Override
    public String toString() {
        return "Update" + carried.stream().map(Carried::name).toList();
    }
}
