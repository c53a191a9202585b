package io.adjoint.nn.optim;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.loops.UpdateKernel;
import java.util.ArrayList;
import java.util.List;

/**
 * The formula of one step of an {@link Optimizer} for one parameter. Its loops get the parameter, its gradient, and the arrays that the
 * parameter carries from step to step, in the order of their names; arrays that have only a name begin as zeros.
 */
public final class Update {
    private final Formula formula;
    private final List<StateArray> carried;
    private final List<String> names;
    /** True for loops, which read the gradient only when the parameter changes. */
    private final boolean isLoop;
    /** True for a formula of a user, which may keep the gradient; then later gradients are not written to its array. */
    private final boolean mayKeepGradient;

    /** A formula of whole arrays, such as one with norms or matrix products. */
    @FunctionalInterface
    public interface Formula {
        /**
         * Computes the new values of the parameter and its carried arrays, and returns an action that writes them, by {@link InPlace}. A
         * step computes the new values of all parameters before it changes the first one, so a formula that throws changes nothing.
         *
         * @param gradient the gradient, contiguous; its elements must not be changed
         * @param carried the arrays, in the order of their names
         * @return the changes: only assignments, which allocate no arrays and don't throw
         */
        Runnable compute(NdArray parameter, NdArray gradient, NdArray[] carried);
    }

    /**
     * A formula of whole arrays.
     *
     * @param carried the arrays that a parameter carries
     * @throws IllegalArgumentException if a name is there twice, null, or {@code steps}, which is the number of steps in states
     */
    public Update(List<StateArray> carried, Formula formula) {
        this(carried, formula, false, true);
    }

    /** A formula of whole arrays that the library wrote, which keeps no gradient. */
    static Update ours(List<StateArray> carried, Formula formula) {
        return new Update(carried, formula, false, false);
    }

    private Update(List<StateArray> carried, Formula formula, boolean isLoop, boolean mayKeepGradient) {
        this.carried = List.copyOf(carried);
        this.formula = formula;
        this.names = names(carried);
        this.isLoop = isLoop;
        this.mayKeepGradient = mayKeepGradient;
    }

    /**
     * A formula with a loop for each type.
     *
     * @param doubles the loop over FLOAT64 elements
     * @param floats the loop over FLOAT32 elements
     * @param carried the arrays that a parameter carries, of its dtype and shape
     * @throws IllegalArgumentException if a name is there twice, null, or {@code steps}, which is the number of steps in states
     */
    public Update(UpdateKernel<double[]> doubles, UpdateKernel<float[]> floats, List<StateArray> carried) {
        this(
                carried,
                (parameter, gradient, arrays) -> () -> InPlace.update(parameter, gradient, doubles, floats, arrays),
                true,
                false);
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
        this(
                alike(arrays),
                (parameter, gradient, carried) -> () -> InPlace.update(parameter, gradient, doubles, carried),
                true,
                false);
    }

    // The loops below are plain loops instead of streams, since they run at each step.

    private static List<StateArray> alike(String... names) {
        List<StateArray> alike = new ArrayList<>(names.length);
        for (String name : names) {
            alike.add(StateArray.like(name));
        }
        return alike;
    }

    private static List<String> names(List<StateArray> carried) {
        List<String> names = new ArrayList<>(carried.size());
        for (StateArray array : carried) {
            String name = array.name();
            // The name "steps" is reserved for the number of steps in an optimizer's state.
            if (name == null || name.equals("steps") || names.contains(name)) {
                throw new IllegalArgumentException(
                        "Update: each array of a parameter needs a name of its own, other than 'steps'; got "
                                + carried.stream().map(StateArray::name).toList());
            }
            names.add(name);
        }
        return names;
    }

    /** The carried arrays before a parameter's first step. */
    List<NdArray> first(NdArray parameter) {
        return carried.stream().map(array -> array.first().apply(parameter)).toList();
    }

    List<String> names() {
        return names;
    }

    boolean mayKeepGradient() {
        return mayKeepGradient;
    }

    Runnable compute(NdArray parameter, DenseGradient gradient, NdArray[] arrays) {
        return formula.compute(parameter, isLoop ? gradient.space() : gradient.dense(), arrays);
    }

    @Override
    public String toString() {
        return "Update" + names;
    }
}
