package io.adjoint.testkit;

import java.util.function.ObjLongConsumer;

/** The checks of an optimizer; each by itself, so that a report names the property that is broken. */
public enum OptimizerCheck {
    /** Each element follows the formula, also in large parameters, and a step without a gradient does not change the parameter. */
    REFERENCE(OptimizerChecks::reference),
    /** Runs with known results, such as results of another library, give these results. */
    TRAJECTORY((optimizer, seed) -> OptimizerChecks.trajectories(optimizer)),
    /** A new optimizer that loads the state after any number of steps continues with the same bits, in both floating types. */
    RESUME(OptimizerChecks::resume),
    /** A state is a copy, and is loaded as a whole or not at all. */
    STATE(OptimizerChecks::state),
    /** A group with its own learning rate and weight decay is updated as by an optimizer with these settings. */
    GROUPS(OptimizerChecks::groups),
    /**
     * Frozen parameters, and parameters without a gradient, do not change, and all other parameters are updated as if the unchanged ones
     * were absent. A parameter that is unfrozen later makes its first step then.
     */
    FROZEN(OptimizerChecks::frozen),
    /** A step changes no gradient, and keeps none: the arrays of gradients may be written to before the next step. */
    GRADIENTS(StepChecks::gradients),
    /**
     * The order of the elements doesn't matter: with all axes of parameters and gradients reversed, steps are reversed, up to 1e-5 of the
     * longest way. A parameter of more elements than one thread processes, whose number no loop divides, is among them, unless
     * {@link OptimizerSpec#shapes} were given. An optimizer whose steps are random, rounded to few digits, or searched for without a
     * closure is excepted.
     */
    ORDER(StepChecks::order),
    /** FLOAT32 parameters stay close to the same parameters in FLOAT64, with any of the settings changed, weight decay among them. */
    FLOATS(OptimizerChecks::floats),
    /** A parameter without elements is accepted, and gradients of 0 make no parameter NaN. */
    EMPTY(OptimizerChecks::empty);

    private final ObjLongConsumer<OptimizerSpec> check;

    OptimizerCheck(ObjLongConsumer<OptimizerSpec> check) {
        this.check = check;
    }

    /** Checks with parameters and gradients that are drawn from a seed. */
    public void check(OptimizerSpec optimizer, long seed) {
        check.accept(optimizer, seed);
    }

    /** Returns whether the check applies to the optimizer. */
    boolean appliesTo(OptimizerSpec optimizer) {
        return !optimizer.except().contains(this)
                && (this != REFERENCE || optimizer.reference().isPresent());
    }

    /** The name in messages, such as {@code resume}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
