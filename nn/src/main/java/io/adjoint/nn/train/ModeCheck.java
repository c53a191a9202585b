package io.adjoint.nn.train;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ArrayElements;
import io.adjoint.nn.Block;
import io.adjoint.nn.Modes;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Looks for blocks that depend on the mode and are evaluated in training mode or trained in evaluation mode. */
final class ModeCheck extends Doctor.Check {
    private static final String EVALUATED = "the model ran in training mode without recording, as in an evaluation";

    private final Map<Block, Runs> runs = new LinkedHashMap<>();

    /** The observations of the last forward passes of an outermost block, that is, a block that no other block calls. */
    private static final class Runs {
        final Set<Tensor> parameters;
        final boolean hasBuffers;
        /**
         * True if the last recorded forward pass ran in evaluation mode. {@link #isPassedInEvaluation} is the value of this field when a
         * backward pass last reached a parameter of the block.
         */
        boolean isRecordedInEvaluation;

        boolean isPassedInEvaluation;
        boolean isRecorded;
        /** True if the block has run in training mode without recording since the last recorded forward pass. */
        boolean isSuspect;

        long lastChange;

        Runs(Block block) {
            parameters = new HashSet<>(block.parameters());
            hasBuffers = !block.namedBuffers().isEmpty();
        }

        /** The logical time of the last in-place change of any parameter of the block. */
        long changed() {
            return parameters.stream()
                    .mapToLong(leaf -> ArrayElements.modified(leaf.data()))
                    .max()
                    .orElse(0);
        }

        /**
         * Returns whether the block was evaluated in training mode. A run in training mode that only gathers running statistics for
         * averaged weights is not an evaluation; it is recognized by a change of the weights after the run, when the program restores the
         * weights of the training.
         */
        boolean isEvaluated() {
            return isSuspect && !(hasBuffers && changed() != lastChange);
        }
    }

    ModeCheck(Doctor doctor) {
        super(doctor);
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
            // The pass counts as one in evaluation mode only if no part of the model is in training mode, since some
            // parts may be in evaluation mode on purpose.
            of.isRecordedInEvaluation = !Modes.anyTraining(block);
        } else if (!isTraining) {
            // An evaluation in evaluation mode follows, so the run in training mode before it only gathered statistics.
            of.isSuspect = false;
        } else if (doctor.passes > 0) {
            of.isSuspect = true;
            of.isRecorded = false;
            of.lastChange = of.changed();
        }
    }

    @Override
    void passBegins(Tensor root) {
        for (Runs of : runs.values()) {
            // Nothing is reported if no recorded run of the block followed the suspect run: the backward pass may be
            // of another model that took the output of the suspect run as data, as a discriminator takes the output of
            // a generator.
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
        for (WatchedLeaf watched : doctor.leaves) {
            if (watched.isUpdated
                    && runs.values().stream()
                            .anyMatch(of -> of.isPassedInEvaluation && of.parameters.contains(watched.leaf))) {
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
