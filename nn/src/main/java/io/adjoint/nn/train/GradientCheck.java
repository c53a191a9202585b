package io.adjoint.nn.train;

import java.util.List;
import java.util.Locale;

/** Looks at the gradients of parameters: whether there are any, are cleared, explode or vanish. */
final class GradientCheck extends Doctor.Check {
    private static final double EXPLODING = 1e3;
    private static final double VANISHING = 1e-6;
    /** The number of passes without a gradient that is no accident any more. */
    private static final int PASSES = 3;

    private final Doctor doctor;
    private final List<Vital> vitals;
    private int staleSteps;

    GradientCheck(Doctor doctor, List<Vital> vitals) {
        this.doctor = doctor;
        this.vitals = vitals;
    }

    @Override
    void stepped() {
        long stale = vitals.stream().filter(Vital::isStale).count();
        staleSteps = stale > 0 ? staleSteps + 1 : 0;
        if (staleSteps == 2) {
            doctor.report(
                    Mistake.GRADIENTS_NOT_ZEROED,
                    "",
                    "gradients of the step before were still there when a backward pass began, twice, those of " + stale
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
        double largest = weights.stream().mapToDouble(Vital::medianNorm).max().orElse(0);
        for (Vital vital : weights) {
            double norm = vital.medianNorm();
            if (norm > EXPLODING * vital.weightNorm()) {
                doctor.report(
                        Mistake.EXPLODING_GRADIENT,
                        vital.path(),
                        String.format(
                                Locale.ROOT,
                                "the gradient's norm, %.3g, is %.0f times the weight's",
                                norm,
                                norm / vital.weightNorm()));
            } else if (norm < VANISHING * largest) {
                doctor.report(
                        Mistake.VANISHING_GRADIENT,
                        vital.path(),
                        String.format(Locale.ROOT, "the gradient's norm is %.3g, elsewhere up to %.3g", norm, largest));
            }
        }
    }

    @Override
    void asked() {
        for (Vital vital : vitals) {
            if (doctor.passes() >= PASSES
                    && vital.gradients() == 0
                    && vital.leaf().requiresGrad()) {
                doctor.report(
                        Mistake.NO_GRADIENT, vital.path(), "no gradient in " + doctor.passes() + " backward passes");
            }
        }
    }
}
