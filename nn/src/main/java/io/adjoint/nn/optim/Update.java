package io.adjoint.nn.optim;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.UpdateKernel;
import java.util.ArrayList;
import java.util.List;

/**
 * The formula of one step of an {@link Optimizer} for one parameter. Its loops get the parameter, its gradient, and the arrays that the
 * parameter carries from step to step, in the order of their names; these begin as zeros.
 */
public final class Update {
    private final Formula formula;
    private final List<Carried> carried;
    private final List<String> names;

    /** A formula that is no loop over corresponding elements. */
    @FunctionalInterface
    interface Formula {
        /** Changes the parameter and the arrays that it carries in place. */
        void apply(NdArray parameter, NdArray gradient, NdArray[] carried);
    }

    Update(List<Carried> carried, Formula formula) {
        this.carried = List.copyOf(carried);
        this.formula = formula;
        this.names = names(carried);
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
        this(doubles, floats, alike(arrays));
    }

    /**
     * A formula with one loop, for which FLOAT32 elements are widened.
     *
     * @param doubles the loop
     * @param arrays the names of the arrays
     * @throws IllegalArgumentException if a name is there twice, null, or {@code steps}, which is the number of steps in states
     */
    public Update(UpdateKernel<double[]> doubles, String... arrays) {
        this(alike(arrays), (parameter, gradient, carried) -> InPlace.update(parameter, gradient, doubles, carried));
    }

    // Loops without streams, since there is a formula for each parameter and step.

    private static List<Carried> alike(String... names) {
        List<Carried> alike = new ArrayList<>(names.length);
        for (String name : names) {
            alike.add(Carried.like(name));
        }
        return alike;
    }

    private static List<String> names(List<Carried> carried) {
        List<String> names = new ArrayList<>(carried.size());
        for (Carried array : carried) {
            String name = array.name();
            // In the state of an optimizer "steps" is the number of steps.
            if (name == null || name.equals("steps") || names.contains(name)) {
                throw new IllegalArgumentException(
                        "Update: each array of a parameter needs a name of its own, other than 'steps'; got "
                                + carried.stream().map(Carried::name).toList());
            }
            names.add(name);
        }
        return names;
    }

    List<Carried> carried() {
        return carried;
    }

    List<String> names() {
        return names;
    }

    void apply(NdArray parameter, NdArray gradient, NdArray[] arrays) {
        formula.apply(parameter, gradient, arrays);
    }

    @Override
    public String toString() {
        return "Update" + names;
    }
}
