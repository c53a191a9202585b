package io.adjoint.nn.optim;

import io.adjoint.core.NdArray;
import java.util.List;

/**
 * The number and the arrays that a parameter carries from step to step.
 *
 * @param steps the number of steps made with these arrays
 */
record Kept(int steps, List<String> names, List<NdArray> arrays) {
    static final Kept NOTHING = new Kept(0, List.of(), List.of());

    static Kept first(List<Carried> wanted, NdArray parameter) {
        List<NdArray> made =
                wanted.stream().map(array -> array.create(parameter)).toList();
        return new Kept(0, names(wanted), made);
    }

    static List<String> names(List<Carried> carried) {
        return carried.stream().map(Carried::name).toList();
    }

    Kept next() {
        return new Kept(Optimizer.next(steps), names, arrays);
    }
}
