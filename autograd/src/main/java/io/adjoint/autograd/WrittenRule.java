package io.adjoint.autograd;

import io.adjoint.core.Callers;
import java.util.function.UnaryOperator;

/**
 * A backward rule that the library made of a function which somebody else may have written.
 *
 * @param written the function, which decides whether the rule is trusted
 */
record WrittenRule(Object written, UnaryOperator<Tensor> rule) implements UnaryOperator<Tensor> {
    @Override
    public Tensor apply(Tensor g) {
        return rule.apply(g);
    }

    /** Returns whether the library wrote a function: then nobody keeps the gradients that it sees. */
    static boolean isOurs(Object function) {
        return function instanceof WrittenRule rule ? isOurs(rule.written) : Callers.keepsNoGradients(function);
    }
}
