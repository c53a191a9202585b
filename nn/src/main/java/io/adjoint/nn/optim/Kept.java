package io.adjoint.nn.optim;

import io.adjoint.core.NdArray;
import java.util.List;

/**
 * The state that an optimizer keeps for a parameter between steps: the number of the parameter's steps, and arrays such as moments.
 *
 * @param steps the number of steps made with these arrays
 * @param names the names of the arrays
 * @param arrays the arrays, changed in place by each step
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
