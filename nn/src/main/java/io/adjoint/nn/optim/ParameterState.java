package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;

/** A parameter with its group, and the number and the arrays that it carries from step to step. */
final class ParameterState {
    final Tensor parameter;
    final ParameterGroup group;
    private Kept kept = Kept.NOTHING;

    ParameterState(Tensor parameter, ParameterGroup group) {
        this.parameter = parameter;
        this.group = group;
    }

    /** A parameter's step with all that it needs, still to be made. */
    record Move(ParameterState state, Update update, DenseGradient gradient, Kept before) {
        void make() {
            Kept after = before.next();
            update.apply(
                    state.parameter.data(), gradient.dense(), before.arrays().toArray(NdArray[]::new));
            state.kept = after;
        }
    }

    /** The number of the next step. */
    int nextStep() {
        return Optimizer.next(kept.steps());
    }

    /** Returns whether both parameters' next steps have the same formula: those of one group that have made as many steps. */
    @SuppressWarnings("ReferenceEquality") // groups of equal parameters and settings are two
    boolean sharesFormula(ParameterState other) {
        return group == other.group && kept.steps() == other.kept.steps();
    }

    /** The next step by a formula. */
    Move move(Optimizer optimizer, Update update, DenseGradient gradient) {
        if (kept.names().equals(update.names())) {
            return new Move(this, update, gradient, kept);
        }
        Kept first = Kept.first(update, parameter.data());
        // Settings that changed between steps made the formula carry other arrays, of which this is the first step.
        return new Move(this, kept.steps() > 0 ? optimizer.update(group, 1) : update, gradient, first);
    }

    /**
     * Declares the number of steps and the arrays.
     *
     * @param settings the group as it is after a state was loaded
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

    /** The arrays for the next step: none if settings that changed since the last one make it the first step of other arrays. */
    private Kept saved(Optimizer optimizer) {
        return kept.steps() == 0
                        || kept.names().equals(optimizer.update(group, 1).names())
                ? kept
                : Kept.NOTHING;
    }

    /** The arrays that a parameter has after a number of steps, to be loaded: none before its first step. */
    private Kept loaded(Optimizer optimizer, ParameterGroup settings, int steps) {
        Kept first = steps == 0 ? Kept.NOTHING : Kept.first(optimizer.update(settings, 1), parameter.data());
        return new Kept(steps, first.names(), first.arrays());
    }
}
