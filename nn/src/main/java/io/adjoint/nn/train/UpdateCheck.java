package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import java.util.List;

/** Looks for optimizer steps that change weights not at all, hardly, or too much. */
final class UpdateCheck extends Doctor.Check {
    /** The largest median of |change| / |weight| that is not reported as too high; a sound ratio is about 1e-3. */
    private static final double TOO_HIGH = 0.2;

    private static final double TOO_LOW = 1e-7;
    /**
     * If gradients were cleared at least this number of times, a training without any step is reported after {@link #PASSES} backward
     * passes.
     */
    private static final int CLEARED = 19;
    /**
     * A training without any step is reported after this number of backward passes if the doctor was closed, or if gradients were cleared
     * at least {@link #CLEARED} times. Otherwise the program may be accumulating gradients for its first step, so the training is reported
     * only after {@link #MANY_PASSES}.
     */
    private static final int PASSES = 20;

    private static final int MANY_PASSES = 100;
    /** {@link Mistake#NOT_UPDATED} is reported if at least this number of steps left a parameter with new gradients unchanged. */
    private static final int STEPS = 3;

    private boolean hasGradients;
    private int cleared;

    UpdateCheck(Doctor doctor) {
        super(doctor);
    }

    @Override
    void passBegins(Tensor root) {
        if (hasGradients && doctor.leaves.stream().noneMatch(WatchedLeaf::keepsGradient)) {
            hasGradients = false;
            cleared++;
        }
    }

    @Override
    void passReached(Tensor leaf) {
        hasGradients = doctor.steps == 0;
    }

    @Override
    void stepped() {
        if (doctor.steps % WatchedLeaf.WINDOW != 0) {
            return;
        }
        List<WatchedLeaf> weights = doctor.leaves.stream()
                .filter(watched -> watched.isWeight() && watched.updates >= WatchedLeaf.WINDOW)
                .toList();
        for (WatchedLeaf watched : weights) {
            if (watched.medianRatio() > TOO_HIGH) {
                doctor.report(
                        Mistake.RATE_TOO_HIGH,
                        watched.path,
                        Doctor.text("a step changes the weight by %.0f %% of its norm", 100 * watched.medianRatio()));
            }
        }
        double largest = weights.stream()
                .mapToDouble(watched -> watched.largestRatio)
                .max()
                .orElse(1);
        // Only the first steps are checked, since a schedule may have small rates at its end. A schedule with small
        // rates at its beginning raises the rate within these steps.
        if (doctor.steps == WatchedLeaf.WINDOW && largest < TOO_LOW) {
            doctor.report(
                    Mistake.RATE_TOO_LOW,
                    "",
                    Doctor.text("no step changed a weight by more than %.1g of its norm", largest));
        }
    }

    @Override
    void asked(Doctor.Findings into) {
        boolean isUpdating = doctor.leaves.stream().anyMatch(WatchedLeaf::isUpdating);
        if (doctor.steps == 0 && !isUpdating) {
            int enough = doctor.isClosed || cleared >= CLEARED ? PASSES : MANY_PASSES;
            if (doctor.passes >= enough) {
                into.add(
                        Mistake.NOT_UPDATED,
                        "",
                        "no parameter changed in " + doctor.passes + " backward passes; is step() called?");
            }
            return;
        }
        // The gradient of a parameter that a following normalization cancels, such as a bias, consists of rounding
        // errors only, so small gradients don't count.
        double noise = 1e-9
                * doctor.leaves.stream()
                        .mapToDouble(watched -> watched.gradientNorm)
                        .filter(Double::isFinite)
                        .max()
                        .orElse(0);
        for (WatchedLeaf watched : doctor.leaves) {
            if (watched.updates == 0
                    && watched.stepsWithout >= STEPS
                    && watched.leaf.requiresGrad()
                    && watched.gradientNorm > noise
                    && !watched.isUpdating()) {
                into.add(
                        Mistake.NOT_UPDATED,
                        watched.path,
                        "got " + watched.gradients + " gradients, but stayed the same in " + watched.stepsWithout
                                + " steps");
            }
        }
    }
}
