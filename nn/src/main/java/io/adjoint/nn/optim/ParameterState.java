package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;

/** A parameter with its group, the number of its steps, and the arrays that the optimizer keeps for it between steps. */
final class ParameterState {
    final Tensor parameter;
    final ParameterGroup group;
    private Kept kept = Kept.NOTHING;

    ParameterState(Tensor parameter, ParameterGroup group) {
        this.parameter = parameter;
        this.group = group;
    }

    /** A computed step of a parameter, which {@link #make} puts in place. */
    record Move(ParameterState state, DenseGradient gradient, Runnable change, Kept after) {
        void make() {
            NdArray unused = gradient.dense(); // puts its elements into the space of which the change has a reference
            change.run();
            state.kept = after;
        }
    }

    /** The number of the parameter's next step, from 1 on. */
    int nextStep() {
        return Optimizer.next(kept.steps());
    }

    /** Returns whether both parameters' next steps have the same formula: they are in one group and have made the same number of steps. */
    @SuppressWarnings("ReferenceEquality") // compares groups by identity
    boolean sharesFormula(ParameterState other) {
        return group == other.group && kept.steps() == other.kept.steps();
    }

    /** Computes the parameter's next step by {@code update}. */
    Move move(Optimizer optimizer, Update update, DenseGradient gradient) {
        if (kept.names().equals(update.names())) {
            return move(kept, update, gradient);
        }
        // If changed settings need other arrays, the parameter begins again with new arrays, so the formula is the one
        // of its first step.
        return move(first(update), kept.steps() > 0 ? optimizer.update(group, 1) : update, gradient);
    }

    private Move move(Kept before, Update update, DenseGradient gradient) {
        NdArray[] arrays = before.arrays().toArray(NdArray[]::new);
        return new Move(this, gradient, update.compute(parameter.data(), gradient, arrays), before.next());
    }

    /**
     * Declares the number of steps and the arrays as fields of the optimizer's state.
     *
     * @param settings the group with the settings after loading
     */
    void declareState(Optimizer optimizer, StateFields fields, String prefix, ParameterGroup settings) {
        Kept now = fields.isLoading() ? kept : saved(optimizer);
        int steps = fields.count(prefix + "steps", now.steps());
        Kept all = fields.isLoading() ? loaded(optimizer, settings, steps) : now;
        for (int a = 0; a < all.names().size(); a++) {
            fields.array(prefix + all.names().get(a), all.arrays().get(a));
        }
        fields.onLoad(() -> kept = all);
    }

    /**
     * The number of steps and the arrays to be saved: 0 steps and no arrays if settings have changed since the last step so that the next
     * step begins with new arrays.
     */
    private Kept saved(Optimizer optimizer) {
        return kept.steps() == 0
                        || kept.names().equals(optimizer.update(group, 1).names())
                ? kept
                : Kept.NOTHING;
    }

    /**
     * The arrays to be filled by loading: no arrays if {@code steps} is 0, else the arrays that the optimizer with the loaded settings
     * keeps.
     */
    private Kept loaded(Optimizer optimizer, ParameterGroup settings, int steps) {
        Kept first = steps == 0 ? Kept.NOTHING : first(optimizer.update(settings, 1));
        return new Kept(steps, first.names(), first.arrays());
    }

    /**
     * The arrays before the parameter's first step. They are allocated outside of the current step of a Workspace, so that they stay valid
     * after the step.
     */
    private Kept first(Update update) {
        return Lease.outside(() -> Kept.first(update, parameter.data()));
    }
}
