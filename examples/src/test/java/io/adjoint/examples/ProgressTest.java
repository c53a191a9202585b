package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static void work(Progress progress) {
        try (progress) {
            progress.step("loss 0.5");
            progress.step("loss 0.4");
        }
    }

    @Test
    void nothingIsPrintedWhereThereIsNoTerminal() {
        // Surefire starts its tests without one.
        assertThat(Progress.isTerminal()).isFalse();
        assertThat(Printed.by(() -> work(Progress.of("Training", 2)))).isEmpty();
    }

    @Test
    void aTerminalShowsStepsAndMessage() {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        work(Progress.on(new PrintStream(shown, true, StandardCharsets.UTF_8), "Training", 2));

        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("Training", "2/2", "loss 0.4");
    }
}
