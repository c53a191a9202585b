package io.adjoint.nn.train;

import java.util.List;
import java.util.Locale;

/** Looks at the gradients of parameters: whether they are missing, never cleared, exploding or vanishing. */
final class GradientCheck extends Doctor.Check {
    private static final double EXPLODING = 1e3;
    private static final double VANISHING = 1e-6;
    /** {@link Mistake#NO_GRADIENT} is reported for a parameter that got no gradient in at least this number of backward passes. */
    private static final int PASSES = 3;

    private final Doctor doctor;
    private final List<Vital> vitals;

    GradientCheck(Doctor doctor, List<Vital> vitals) {
        this.doctor = doctor;
        this.vitals = vitals;
    }

    @Override
    void stepped() {
        long mixed = vitals.stream().filter(vital -> vital.mixedUpdates() >= 2).count();
        if (mixed > 0) {
            doctor.report(
                    Mistake.GRADIENTS_NOT_ZEROED,
                    "",
                    "two steps in a row used gradients that had been added to those of the step before, of " + mixed
                            + " of " + vitals.size() + " parameters");
        }
        for (Vital vital : vitals) {
            if (vital.gradients() > 0 && !Double.isFinite(vital.gradientNorm())) {
                doctor.report(
                        Mistake.EXPLODING_GRADIENT, vital.path(), "the gradient's norm is " + vital.gradientNorm());
            }
        }
        if (doctor.steps() % Vital.WINDOW == 0) {
            compareNorms();
        }
    }

    private void compareNorms() {
        List<Vital> weights = vitals.stream()
                .filter(vital -> vital.isWeight() && vital.updates() >= Vital.WINDOW)
                .toList();
        // While a weight is near 0, as after an initialization with 0, the layers before it get small gradients, so no
        // gradient is reported as vanishing.
        double largest = vitals.stream().anyMatch(vital -> vital.isWeight() && vital.isNearZero())
                ? 0
                : weights.stream().mapToDouble(Vital::medianNorm).max().orElse(0);
        for (Vital vital : weights) {
            double norm = vital.medianNorm();
            if (norm > EXPLODING * vital.scale()) {
                doctor.report(
                        Mistake.EXPLODING_GRADIENT,
                        vital.path(),
                        String.format(
                                Locale.ROOT,
                                "the gradient's norm, %.3g, is %.0f times the weight's",
                                norm,
                                norm / vital.scale()));
            } else if (norm < VANISHING * largest) {
                doctor.report(
                        Mistake.VANISHING_GRADIENT,
                        vital.path(),
                        String.format(Locale.ROOT, "the gradient's norm is %.3g, elsewhere up to %.3g", norm, largest));
            }
        }
    }

    @Override
    void asked(Doctor.Findings into) {
        for (Vital vital : vitals) {
            if (vital.passes() >= PASSES
                    && vital.gradients() == 0
                    && vital.leaf().requiresGrad()) {
                into.add(Mistake.NO_GRADIENT, vital.path(), "no gradient in " + vital.passes() + " backward passes");
            }
        }
    }
}
