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

    static Kept first(Update update, NdArray parameter) {
        return new Kept(
                0,
                update.names(),
                update.carried().stream()
                        .map(array -> array.first().apply(parameter))
                        .toList());
    }

    Kept next() {
        return new Kept(Optimizer.next(steps), names, arrays);
    }
}
