package io.adjoint.nn.train;

import java.util.List;

/** Looks at the gradients of parameters: whether they are missing, never cleared, exploding or vanishing. */
final class GradientCheck extends Doctor.Check {
    private static final double EXPLODING = 1e3;
    private static final double VANISHING = 1e-6;
    /** {@link Mistake#NO_GRADIENT} is reported for a parameter that got no gradient in at least this number of backward passes. */
    private static final int PASSES = 3;

    GradientCheck(Doctor doctor) {
        super(doctor);
    }

    @Override
    void stepped() {
        long mixed = doctor.leaves.stream()
                .filter(watched -> watched.mixedUpdates >= 2)
                .count();
        if (mixed > 0) {
            doctor.report(
                    Mistake.GRADIENTS_NOT_ZEROED,
                    "",
                    "two steps in a row used gradients that had been added to those of the step before, of " + mixed
                            + " of " + doctor.leaves.size() + " parameters");
        }
        for (WatchedLeaf watched : doctor.leaves) {
            if (watched.gradients > 0 && !Double.isFinite(watched.gradientNorm)) {
                doctor.report(
                        Mistake.EXPLODING_GRADIENT, watched.path, "the gradient's norm is " + watched.gradientNorm);
            }
        }
        if (doctor.steps % WatchedLeaf.WINDOW == 0) {
            compareNorms();
        }
    }

    private void compareNorms() {
        List<WatchedLeaf> weights = doctor.leaves.stream()
                .filter(watched -> watched.isWeight() && watched.updates >= WatchedLeaf.WINDOW)
                .toList();
        // While a weight is near 0, as after an initialization with 0, the layers before it get small gradients, so no
        // gradient is reported as vanishing.
        double largest = doctor.leaves.stream().anyMatch(watched -> watched.isWeight() && watched.isNearZero())
                ? 0
                : weights.stream().mapToDouble(WatchedLeaf::medianNorm).max().orElse(0);
        for (WatchedLeaf watched : weights) {
            double norm = watched.medianNorm();
            if (norm > EXPLODING * watched.scale()) {
                doctor.report(
                        Mistake.EXPLODING_GRADIENT,
                        watched.path,
                        Doctor.text(
                                "the gradient's norm, %.3g, is %.0f times the weight's", norm, norm / watched.scale()));
            } else if (norm < VANISHING * largest) {
                doctor.report(
                        Mistake.VANISHING_GRADIENT,
                        watched.path,
                        Doctor.text("the gradient's norm is %.3g, elsewhere up to %.3g", norm, largest));
            }
        }
    }

    @Override
    void asked(Doctor.Findings into) {
        for (WatchedLeaf watched : doctor.leaves) {
            if (watched.passes >= PASSES && watched.gradients == 0 && watched.leaf.requiresGrad()) {
                into.add(Mistake.NO_GRADIENT, watched.path, "no gradient in " + watched.passes + " backward passes");
            }
        }
    }
}
