package io.adjoint.autograd;

import io.adjoint.core.Callers;
import java.util.function.UnaryOperator;

/**
 * A backward rule that the library made from a function that a user may have written.
 *
 * @param written the function; the rule counts as the library's if the library wrote this function
 */
record WrittenRule(Object written, UnaryOperator<Tensor> rule) implements UnaryOperator<Tensor> {
    @Override
    public Tensor apply(Tensor g) {
        return rule.apply(g);
    }

    /** Returns whether the library wrote a function: such a function keeps no reference to the gradients that it receives. */
    static boolean isOurs(Object function) {
        return function instanceof WrittenRule rule ? isOurs(rule.written) : Callers.keepsNoGradients(function);
    }
}
