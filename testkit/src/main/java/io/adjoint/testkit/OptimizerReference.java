package io.adjoint.testkit;

/** The formula of an optimizer that treats each element by itself, from the first step on. */
@FunctionalInterface
public interface OptimizerReference {
    /**
     * The element after as many steps as there are gradients.
     *
     * @param start the element before the first step
     * @param gradients its gradient in each step
     */
    double of(double start, double... gradients);
}
