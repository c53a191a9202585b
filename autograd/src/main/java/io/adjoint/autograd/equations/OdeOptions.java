package io.adjoint.autograd.equations;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.core.Options;

/**
 * The settings of {@link Odes}: by default rtol 1e-3 and atol 1e-6, as SciPy has them, at most 10,000 steps of any size, one trajectory, no
 * checkpoints. Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class OdeOptions extends Options<OdeOptions> {
    double rtol = 1e-3;
    double atol = 1e-6;
    int maxSteps = 10_000;
    double maxStep = Double.POSITIVE_INFINITY;
    /** 0 if the first step is chosen from the derivatives at the start. */
    double firstStep;

    boolean isBatch;
    boolean hasCheckpoints;

    /** The default settings. */
    public OdeOptions() {}

    /**
     * Sets the tolerances of a step's estimated error: the root mean square over all elements of
     * {@code error / (atol + rtol · |y|)} is at most 1.
     *
     * @throws IllegalArgumentException if rtol is not positive, or atol negative, or one of them not finite; {@code Odes.solve} refuses
     *     an rtol below 100 ε of the state's dtype
     */
    public OdeOptions tolerances(double rtol, double atol) {
        require(rtol > 0 && rtol < Double.POSITIVE_INFINITY, "tolerances: rtol", "be positive and finite", rtol);
        require(atol >= 0 && atol < Double.POSITIVE_INFINITY, "tolerances: atol", "be at least 0", atol);
        return with(copy -> {
            copy.rtol = rtol;
            copy.atol = atol;
        });
    }

    /**
     * Sets the largest number of steps, rejected ones included; a solution that takes more ends with an error.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public OdeOptions maxSteps(int number) {
        require(number >= 1, "maxSteps:", "be at least 1", number);
        return with(copy -> copy.maxSteps = number);
    }

    /**
     * Sets the largest size of a step, where long steps could pass over something short, such as a pulse or two events.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public OdeOptions maxStep(double size) {
        require(size > 0, "maxStep:", "be positive", size);
        return with(copy -> copy.maxStep = size);
    }

    /**
     * Sets the size of the first step, instead of choosing it from the derivatives at the start.
     *
     * @throws IllegalArgumentException if it is not positive and finite
     */
    public OdeOptions firstStep(double size) {
        require(size > 0 && size < Double.POSITIVE_INFINITY, "firstStep:", "be positive and finite", size);
        return with(copy -> copy.firstStep = size);
    }

    /**
     * Makes axis 0 of the state an axis of trajectories. They share each step's size, and the error of each trajectory by itself is within
     * the tolerances, so a trajectory is as accurate beside others as alone.
     */
    public OdeOptions batch() {
        return with(copy -> copy.isBatch = true);
    }

    /**
     * Keeps of each step two states instead of all intermediate results of the right-hand side, and computes the step again in the backward
     * pass, and wherever the solution is evaluated between steps: for long solutions, and for large networks.
     */
    public OdeOptions checkpoints() {
        return with(copy -> copy.hasCheckpoints = true);
    }

    private static void require(boolean condition, String setting, String must, double value) {
        if (!condition) {
            throw new IllegalArgumentException("OdeOptions." + setting + " must " + must + ", got " + value);
        }
    }
}
