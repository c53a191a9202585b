package io.adjoint.autograd;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The backward rule of an operation: computes the vector-Jacobian product of the operation with the upstream gradient, for each input that
 * a pass {@linkplain GivenGradients#wants wants}.
 */
@FunctionalInterface
interface Rule {
    /** Computes the gradients of the inputs for the upstream gradient g, and gives them to {@code given}. */
    void pull(Tensor g, GivenGradients given);

    /**
     * A rule from a function that returns the gradients of all inputs, in the order of the inputs; for an input whose gradient is not
     * wanted the function may return any tensor or null.
     */
    static Rule of(Function<Tensor, ? extends List<? extends @Nullable Tensor>> function) {
        return (g, given) -> {
            List<? extends @Nullable Tensor> gradients = gradients(function, g, given);
            if (gradients.size() != given.count()) {
                throw new GraphException(given.ruleInPass() + " returned " + gradients.size() + " gradients for "
                        + given.count() + " inputs");
            }
            for (int k = 0; k < given.count(); k++) {
                if (given.wants(k)) {
                    given.give(k, gradients.get(k));
                }
            }
        };
    }

    private static List<? extends @Nullable Tensor> gradients(
            Function<Tensor, ? extends List<? extends @Nullable Tensor>> function, Tensor g, GivenGradients given) {
        List<? extends @Nullable Tensor> gradients;
        try {
            gradients = function.apply(g);
        } catch (NullPointerException failure) {
            if (Callbacks.isOfList(failure)) {
                GraphException error = new GraphException(given.ruleInPass()
                        + " put a null into List.of, which refuses it; return Arrays.asList(…), where null is for a gradient"
                        + " that is not wanted");
                error.initCause(failure);
                throw error;
            }
            throw failure;
        }
        if (gradients == null) {
            throw new IllegalArgumentException(given.ruleInPass() + " returned null");
        }
        return gradients;
    }
}
