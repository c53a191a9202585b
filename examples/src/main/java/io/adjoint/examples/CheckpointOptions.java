package io.adjoint.examples;

import io.adjoint.io.Checkpoints;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The arguments of programs that save checkpoints, so that they can be ended at any moment and started again. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoint",
            paramLabel = "FOLDER",
            description = "Saves checkpoints in this folder, and continues from the newest one.")
    private @Nullable Path folder;

    @Option(
            names = "--checkpoint-steps",
            converter = ExampleOptions.Positive.class,
            paramLabel = "STEPS",
            description = "The number of steps between two checkpoints, in addition to one after each epoch.")
    private @Nullable Integer steps;

    /** The checkpoints in the folder given in the arguments, to which the caller adds the parts to save; empty if no folder is given. */
    Optional<Checkpoints> inFolder() {
        return Optional.ofNullable(folder).map(Checkpoints::new);
    }

    /** Returns whether a checkpoint is due after a step. */
    boolean isDue(long step) {
        return steps != null && step % steps == 0;
    }
}
