package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs scripts among the resources by the Python of the profile {@code python}. */
final class PythonProgram {
    private PythonProgram() {}

    /** Returns the output of a script, and fails unless its status is 0. */
    static String run(String script, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("adjoint.python"), "-W", "ignore"));
        command.add(CounterpartFile.resource(script).toString());
        command.addAll(List.of(args));
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(said).isZero();
        return said;
    }
}
