package io.adjoint.nn.train;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import io.adjoint.nn.Modes;

/** Looks for evaluations in training mode and for trainings in evaluation mode, of blocks for which that makes a difference. */
final class ModeCheck extends Doctor.Check {
    private final Doctor doctor;
    private boolean ranInEvaluation;
    private boolean stepAfterEvaluation;

    ModeCheck(Doctor doctor) {
        this.doctor = doctor;
    }

    @Override
    void ran(Block block, String path, Object output) {
        if (!path.isEmpty() || !Modes.matter(block)) {
            return;
        }
        boolean isTraining = Modes.isTraining(block);
        if (isTraining && !Autograd.isRecording() && doctor.steps() > 0) {
            doctor.report(
                    Mistake.EVAL_FORGOTTEN,
                    "",
                    "the model ran in training mode without recording, as in an evaluation");
        }
        ranInEvaluation |= !isTraining && Autograd.isRecording();
    }

    @Override
    void passBegins(Tensor root) {
        stepAfterEvaluation = ranInEvaluation;
        ranInEvaluation = false;
    }

    @Override
    void stepped() {
        if (stepAfterEvaluation) {
            doctor.report(Mistake.TRAIN_FORGOTTEN, "", "a step was made after a forward pass in evaluation mode");
        }
    }
}
