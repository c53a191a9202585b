package io.adjoint.nn.optim;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import java.util.List;

/** A parameter with its group, the number of its steps, and the arrays that the optimizer keeps for it between steps. */
final class ParameterState {
    final Tensor parameter;
    final ParameterGroup group;
    private Carried carried = Carried.NOTHING;

    ParameterState(Tensor parameter, ParameterGroup group) {
        this.parameter = parameter;
        this.group = group;
    }

    /**
     * The state that an optimizer carries for a parameter from step to step: the number of the parameter's steps, and arrays such as
     * moments.
     *
     * @param steps the number of steps made with these arrays
     * @param names the names of the arrays
     * @param arrays the arrays, changed in place by each step
     */
    private record Carried(int steps, List<String> names, List<NdArray> arrays) {
        static final Carried NOTHING = new Carried(0, List.of(), List.of());
    }

    /** The number of the parameter's next step, from 1 on. */
    int nextStep() {
        return Optimizer.next(carried.steps());
    }

    /** Returns whether both parameters' next steps have the same formula: they are in one group and have made the same number of steps. */
    @SuppressWarnings("ReferenceEquality") // compares groups by identity
    boolean sharesFormula(ParameterState other) {
        return group == other.group && carried.steps() == other.carried.steps();
    }

    /** Computes the parameter's next step by {@code update}, and returns an action that makes it. */
    Runnable move(Optimizer optimizer, Update update, DenseGradient gradient) {
        if (carried.names().equals(update.names())) {
            return move(carried, update, gradient);
        }
        // If changed settings need other arrays, the parameter begins again with new arrays, so the formula is the one
        // of its first step.
        return move(first(update), carried.steps() > 0 ? optimizer.update(group, 1) : update, gradient);
    }

    private Runnable move(Carried before, Update update, DenseGradient gradient) {
        NdArray[] arrays = before.arrays().toArray(NdArray[]::new);
        Runnable change = update.compute(parameter.data(), gradient, arrays);
        Carried after = new Carried(Optimizer.next(before.steps()), before.names(), before.arrays());
        return () -> {
            NdArray unused = gradient.dense(); // puts its elements into the space of which the change has a reference
            change.run();
            carried = after;
        };
    }

    /**
     * Declares the number of steps and the arrays as fields of the optimizer's state.
     *
     * @param settings the group with the settings after loading
     */
    void declareState(Optimizer optimizer, StateFields fields, String prefix, ParameterGroup settings) {
        Carried now = fields.isLoading() ? carried : saved(optimizer);
        int steps = fields.count(prefix + "steps", now.steps());
        Carried all = fields.isLoading() ? loaded(optimizer, settings, steps) : now;
        for (int a = 0; a < all.names().size(); a++) {
            fields.array(prefix + all.names().get(a), all.arrays().get(a));
        }
        fields.onLoad(() -> carried = all);
    }

    /**
     * The number of steps and the arrays to be saved: 0 steps and no arrays if settings have changed since the last step so that the next
     * step begins with new arrays.
     */
    private Carried saved(Optimizer optimizer) {
        return carried.steps() == 0
                        || carried.names().equals(optimizer.update(group, 1).names())
                ? carried
                : Carried.NOTHING;
    }

    /**
     * The arrays to be filled by loading: no arrays if {@code steps} is 0, else the arrays that the optimizer with the loaded settings
     * keeps.
     */
    private Carried loaded(Optimizer optimizer, ParameterGroup settings, int steps) {
        Carried first = steps == 0 ? Carried.NOTHING : first(optimizer.update(settings, 1));
        return new Carried(steps, first.names(), first.arrays());
    }

    /**
     * The arrays before the parameter's first step. They are allocated outside of the current step of a Workspace, so that they stay valid
     * after the step.
     */
    private Carried first(Update update) {
        return Lease.outside(() -> new Carried(0, update.names(), update.first(parameter.data())));
    }
}
