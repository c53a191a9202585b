package io.adjoint.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Kills this process by {@code kill -9}. A shell already waits for the moment, so that nothing has to be started then. If this process ends
 * before, the shell ends too.
 */
final class Armed {
    private final Writer trigger;

    Armed() throws IOException {
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        "read go && kill -9 " + ProcessHandle.current().pid())
                .start();
        trigger = shell.outputWriter(StandardCharsets.US_ASCII);
    }

    /** Kills this process, which runs on for less than a millisecond. */
    void fire() {
        try {
            trigger.write("go\n");
            trigger.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills this process and waits for its end. */
    void fireAndEnd() {
        fire();
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
