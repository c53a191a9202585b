package io.adjoint.nn.optim;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.UpdateKernel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
        // In the state of an optimizer "steps" is the number of steps.
        Set<String> taken = new HashSet<>(Set.of("steps"));
        for (Carried array : carried) {
            if (array.name() == null || !taken.add(array.name())) {
                throw new IllegalArgumentException(
                        "Update: each array of a parameter needs a name of its own, other than 'steps'; got "
                                + carried.stream().map(Carried::name).toList());
            }
        }
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
     * @throws IllegalArgumentException if a name is there twice, null, or {@code steps}, which is the number of steps in states
     */
    public Update(UpdateKernel<double[]> doubles, UpdateKernel<float[]> floats, String... arrays) {
        this(doubles, floats, Stream.of(arrays).map(Carried::like).toList());
    }

    /**
     * A formula with one loop, for which FLOAT32 elements are widened.
     *
     * @param doubles the loop
     * @param arrays the names of the arrays
     * @throws IllegalArgumentException if a name is there twice, null, or {@code steps}, which is the number of steps in states
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
