package io.adjoint.nn.train;

import io.adjoint.nn.HeldLeaves;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Looks for leaves in fields of the model that get gradients, but are neither registered nor changed by any step. */
final class LeafCheck extends Doctor.Check {
    /** {@link Mistake#NOT_REGISTERED} is reported if at least this number of steps left a leaf with new gradients unchanged. */
    private static final int STEPS = 3;

    private final List<WatchedLeaf> held = new ArrayList<>();

    LeafCheck(Doctor doctor) {
        super(doctor);
        HeldLeaves.of(doctor.model).forEach((leaf, name) -> {
            WatchedLeaf watched = new WatchedLeaf(name, leaf);
            held.add(watched);
            doctor.hooks.add(leaf.afterAccumulation(watched::accumulated));
        });
    }

    @Override
    void stepped() {
        for (WatchedLeaf watched : held) {
            watched.measureUpdate(Doctor.now());
            watched.stepped();
        }
    }

    @Override
    void asked(Doctor.Findings into) {
        for (WatchedLeaf watched : held) {
            if (watched.updates == 0
                    && watched.stepsWithout >= STEPS
                    && !watched.isUpdating()
                    && !new HashSet<>(doctor.model.parameters()).contains(watched.leaf)) {
                into.add(
                        Mistake.NOT_REGISTERED,
                        watched.path,
                        "the leaf " + watched.leaf.shape() + " in a field got " + watched.gradients
                                + " gradients, but is no parameter and stayed the same in " + watched.stepsWithout
                                + " steps");
            }
        }
    }
}
