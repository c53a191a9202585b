package io.adjoint.testkit;

/** The checks of an optimizer; each by itself, so that a report names the property that is broken. */
public enum OptimizerCheck {
    /** Each element follows the formula, also in large parameters, and a step without a gradient does not change the parameter. */
    REFERENCE {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.reference(optimizer, seed);
        }
    },
    /** Runs with known results, such as results of another library, give these results. */
    TRAJECTORY {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.trajectories(optimizer);
        }
    },
    /** A new optimizer that loads the state after any number of steps continues with the same bits, in both floating types. */
    RESUME {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.resume(optimizer, seed);
        }
    },
    /** A state is a copy, and is loaded as a whole or not at all. */
    STATE {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.state(optimizer, seed);
        }
    },
    /** A group with its own learning rate and weight decay is updated as by an optimizer with these settings. */
    GROUPS {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.groups(optimizer, seed);
        }
    },
    /**
     * Frozen parameters, and parameters without a gradient, do not change, and all other parameters are updated as if the unchanged ones
     * were absent. A parameter that is unfrozen later makes its first step then.
     */
    FROZEN {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.frozen(optimizer, seed);
        }
    },
    /** A step changes no gradient, and keeps none: the arrays of gradients may be written to before the next step. */
    GRADIENTS {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            StepChecks.gradients(optimizer, seed);
        }
    },
    /**
     * The order of the elements doesn't matter: with all axes of parameters and gradients reversed, steps are reversed, up to 1e-5 of the
     * longest way. A parameter of more elements than one thread processes, whose number no loop divides, is among them, unless
     * {@link OptimizerSpec#shapes} were given. An optimizer whose steps are random, rounded to few digits, or searched for without a
     * closure is excepted.
     */
    ORDER {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            StepChecks.order(optimizer, seed);
        }
    },
    /** FLOAT32 parameters stay close to the same parameters in FLOAT64, with any of the settings changed, weight decay among them. */
    FLOATS {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.floats(optimizer, seed);
        }
    },
    /** A parameter without elements is accepted, and gradients of 0 make no parameter NaN. */
    EMPTY {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.empty(optimizer, seed);
        }
    };

    /** Checks with parameters and gradients that are drawn from a seed. */
    public abstract void check(OptimizerSpec optimizer, long seed);

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
