package io.adjoint.autograd.equations;

import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import java.util.function.BiFunction;

/**
 * An event of a differential equation: a sign change of a function g of time and state along the solution. It is searched between the ends
 * of each step, so two sign changes within one step are not seen.
 *
 * @param name its name in the solution and in messages
 * @param crossing the sign changes that count
 * @param isTerminal whether the integration ends at the first of them
 * @param function g, which takes the time, a scalar, and the state, and returns a tensor of one element, which is never NaN
 */
public record OdeEvent<P>(
        String name, Crossing crossing, boolean isTerminal, BiFunction<? super Tensor, ? super P, Tensor> function) {
    /**
     * An event.
     *
     * @throws IllegalArgumentException if an argument is null
     */
    public OdeEvent {
        Callbacks.given("OdeEvent", "the name", name);
        Callbacks.given("OdeEvent", "the crossing", crossing);
        Callbacks.given("OdeEvent", "the function", function);
    }

    /** An event that is noted in the solution. */
    public static <P> OdeEvent<P> note(
            String name, Crossing crossing, BiFunction<? super Tensor, ? super P, Tensor> function) {
        return new OdeEvent<>(name, crossing, false, function);
    }

    /** An event that ends the integration. */
    public static <P> OdeEvent<P> stop(
            String name, Crossing crossing, BiFunction<? super Tensor, ? super P, Tensor> function) {
        return new OdeEvent<>(name, crossing, true, function);
    }
}
