package io.adjoint.fit;

/**
 * The state of a search after an iteration; the first one, of iteration 0, is the start.
 *
 * @param iteration the number of steps taken
 * @param evaluations the number of evaluations of the function
 * @param cost the function's value; of least squares, half the sum of squares or of the robust loss
 * @param gradient the measure of the gradient that is compared with the tolerance, among parameters that are not held at a bound; 0 at a
 *     minimum
 * @param step the length of the step, 0 at the start; of least squares, with parameters scaled by the norms of the columns of the Jacobian
 * @param parameters the parameters
 */
public record Iterate<P>(int iteration, int evaluations, double cost, double gradient, double step, P parameters) {}
