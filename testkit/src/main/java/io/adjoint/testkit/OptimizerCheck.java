package io.adjoint.testkit;

/** The checks of an optimizer; each by itself, so that a report names the property that is broken. */
public enum OptimizerCheck {
    /** Each element follows the formula, also in large parameters, and a step without its gradient is none. */
    REFERENCE {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.reference(optimizer, seed);
        }
    },
    /** Known runs have their results. */
    TRAJECTORY {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.trajectories(optimizer);
        }
    },
    /** A new optimizer that loads the state after any number of steps goes on with the same bits, in both types. */
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
    /** A group with a rate and a weight decay of its own goes as with an optimizer of these settings. */
    GROUPS {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.groups(optimizer, seed);
        }
    },
    /** Frozen parameters and those without a gradient stay, the others go as without them; one that is unfrozen begins then. */
    FROZEN {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.frozen(optimizer, seed);
        }
    },
    /** FLOAT32 parameters go near FLOAT64 ones. */
    FLOATS {
        @Override
        public void check(OptimizerSpec optimizer, long seed) {
            OptimizerChecks.floats(optimizer, seed);
        }
    },
    /** A parameter without elements does no harm, and no gradient of 0 gives NaN. */
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
