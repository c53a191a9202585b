package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An example that runs in a JVM of its own. */
final class ChildProcess {
    private final Path output;
    private final Process process;

    private ChildProcess(Path output, Process process) {
        this.output = output;
        this.process = process;
    }

    /**
     * Starts an example.
     *
     * @param before a command that runs the command after it
     * @param output the file that gets what it prints
     */
    static ChildProcess start(List<String> before, Path output, String example, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The JVM is to start fast, and to write no files but the checkpoints.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-XX:-UsePerfData", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add("io.adjoint.examples." + example);
        command.addAll(args);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        // A process that hangs is killed, so that its test fails instead of waiting forever.
        CompletableFuture.delayedExecutor(10, TimeUnit.MINUTES).execute(process::destroyForcibly);
        return new ChildProcess(output, process);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills the process as {@code kill -9} does, and waits until it has ended. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits for the end of the process, and returns its status. */
    int status() throws InterruptedException {
        return process.waitFor();
    }

    String printed() throws IOException {
        return Files.readString(output);
    }

    void requireSuccess() throws IOException, InterruptedException {
        int status = status();
        assertThat(status).as(printed()).isZero();
    }
}
