package io.adjoint.fit;

import java.util.List;
import java.util.stream.Stream;

/**
 * The result of {@link Minimize}.
 *
 * @param parameters the parameters with the smallest value found
 * @param value the function's value there
 * @param gradient its gradient there, in the parameters' structure
 * @param ending the reason for which the search ended
 * @param evaluations the number of evaluations of the function, its derivatives apart
 * @param products the number of products with the Hessian
 * @param history the start and each iteration, with all parameters
 * @param notes sentences about parameters at bounds, and about a trial for which the function threw an exception
 */
public record Minimum<P>(
        P parameters,
        double value,
        P gradient,
        Ending ending,
        int evaluations,
        int products,
        List<Iterate<P>> history,
        List<String> notes) {
    /** A summary: reason, value, parameters, notes. */
    @Override
    public String toString() {
        return String.join(
                "\n",
                Stream.concat(
                                Stream.of(ending.after(evaluations), "value " + value, String.valueOf(parameters)),
                                notes.stream())
                        .toList());
    }
}
