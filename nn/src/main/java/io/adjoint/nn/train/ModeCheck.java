package io.adjoint.nn.train;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import io.adjoint.nn.Modes;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks for evaluations in training mode and for trainings in evaluation mode, of blocks for which that makes a difference. */
final class ModeCheck extends Doctor.Check {
    private static final String EVALUATED = "the model ran in training mode without recording, as in an evaluation";

    private final Doctor doctor;
    private final List<Vital> vitals;
    private final Map<Block, Runs> runs = new LinkedHashMap<>();

    /** The last runs of a block that no other block called. */
    private static final class Runs {
        final Set<Tensor> parameters;
        final boolean hasBuffers;
        /** True if it ran in evaluation mode when it was last recorded: now, and when a pass came back to it. */
        boolean isRecordedInEvaluation;

        boolean isPassedInEvaluation;
        boolean isRecorded;
        /** True if it ran in training mode without recording since. */
        boolean isSuspect;

        long lastChange;

        Runs(Block block) {
            parameters = new HashSet<>(block.parameters());
            hasBuffers = !block.namedBuffers().isEmpty();
        }

        /** The moment of the last change in place to a parameter. */
        long changed() {
            return parameters.stream()
                    .mapToLong(leaf -> leaf.data().modified())
                    .max()
                    .orElse(0);
        }

        /**
         * Returns whether the block was evaluated in training mode. Running statistics of an average of the weights are gathered in
         * training mode, too, but then the weights are put back.
         */
        boolean isEvaluated() {
            return isSuspect && !(hasBuffers && changed() != lastChange);
        }
    }

    ModeCheck(Doctor doctor, List<Vital> vitals) {
        this.doctor = doctor;
        this.vitals = vitals;
    }

    @Override
    void ran(Block block, String path, Object output) {
        if (!path.isEmpty() || !Modes.matter(block)) {
            return;
        }
        Runs of = runs.computeIfAbsent(block, Runs::new);
        boolean isTraining = Modes.isTraining(block);
        if (Autograd.isRecording()) {
            of.isRecorded = true;
            // Parts may be kept in evaluation mode, or in training mode, on purpose.
            of.isRecordedInEvaluation = !Modes.anyTraining(block);
        } else if (!isTraining) {
            // Whoever evaluates in evaluation mode gathered statistics before.
            of.isSuspect = false;
        } else if (doctor.passes() > 0) {
            of.isSuspect = true;
            of.isRecorded = false;
            of.lastChange = of.changed();
        }
    }

    @Override
    void passBegins(Tensor root) {
        for (Runs of : runs.values()) {
            // A pass without the block in between used its output as data, as a discriminator uses the fakes of a
            // generator.
            if (of.isRecorded && of.isEvaluated()) {
                doctor.report(Mistake.EVAL_FORGOTTEN, "", EVALUATED);
            }
            of.isSuspect = false;
        }
    }

    @Override
    void passReached(Tensor leaf) {
        for (Runs of : runs.values()) {
            if (of.parameters.contains(leaf)) {
                of.isPassedInEvaluation = of.isRecordedInEvaluation;
            }
        }
    }

    @Override
    void stepped() {
        for (Vital vital : vitals) {
            if (vital.isUpdated()
                    && runs.values().stream()
                            .anyMatch(of -> of.isPassedInEvaluation && of.parameters.contains(vital.leaf()))) {
                doctor.report(Mistake.TRAIN_FORGOTTEN, "", "a step was made after a forward pass in evaluation mode");
                return;
            }
        }
    }

    @Override
    void asked(Doctor.Findings into) {
        if (runs.values().stream().anyMatch(Runs::isEvaluated)) {
            into.add(Mistake.EVAL_FORGOTTEN, "", EVALUATED);
        }
    }
}
