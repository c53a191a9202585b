package io.adjoint.nn.train;

import io.adjoint.autograd.Hook;
import io.adjoint.nn.Block;
import io.adjoint.nn.HeldLeaves;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Looks for leaves in fields of the model that get gradients, but are neither registered nor changed by any step. */
final class LeafCheck extends Doctor.Check {
    /** {@link Mistake#NOT_REGISTERED} is reported if at least this number of steps left a leaf with new gradients unchanged. */
    private static final int STEPS = 3;

    private final Block model;
    private final List<Vital> held = new ArrayList<>();

    /** Makes a check whose hooks are added to the given ones. */
    LeafCheck(Block model, List<Hook> hooks) {
        this.model = model;
        HeldLeaves.of(model).forEach((leaf, name) -> {
            Vital vital = new Vital(name, leaf);
            held.add(vital);
            hooks.add(leaf.afterAccumulation(vital::accumulated));
        });
    }

    @Override
    void stepped() {
        for (Vital vital : held) {
            vital.measureUpdate(Doctor.now());
            vital.stepped();
        }
    }

    @Override
    void asked(Doctor.Findings into) {
        for (Vital vital : held) {
            if (vital.updates() == 0
                    && vital.stepsWithout() >= STEPS
                    && !vital.isUpdating()
                    && !new HashSet<>(model.parameters()).contains(vital.leaf())) {
                into.add(
                        Mistake.NOT_REGISTERED,
                        vital.path(),
                        "the leaf " + vital.leaf().shape() + " in a field got " + vital.gradients()
                                + " gradients, but is no parameter and stayed the same in " + vital.stepsWithout()
                                + " steps");
            }
        }
    }
}
