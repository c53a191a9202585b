package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;

/** Drives JShell with the start script docs/adjoint.jsh. */
class StartScriptTest {
    private static final Path SCRIPT = DocumentationTest.ROOT.resolve("docs/adjoint.jsh");

    /** Evaluates all snippets of a text; each has to be valid and to throw nothing. */
    private static void evaluate(JShell shell, String text) {
        for (String rest = text; !rest.isBlank(); ) {
            SourceCodeAnalysis.CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            List<SnippetEvent> events = shell.eval(next.source());
            assertThat(events).allSatisfy(event -> {
                assertThat(event.exception()).as(event.snippet().source()).isNull();
                assertThat(event.status())
                        .as(() -> event.snippet().source() + "\n"
                                + shell.diagnostics(event.snippet())
                                        .map(diagnostic -> diagnostic.getMessage(null))
                                        .toList())
                        .isIn(Snippet.Status.VALID, Snippet.Status.OVERWRITTEN);
            });
            rest = next.remaining();
        }
    }

    @Test
    void theScriptShowsTensorsGraphsAndReportsAndReadsFiles() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        // Snippets run in this process, so they print to its output.
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            evaluate(shell, Files.readString(SCRIPT));
            evaluate(shell, """
                    Tensor w = Tensor.of(1.5, -2).requiresGrad(true);
                    show(w);
                    show(GraphView.of(() -> w.square().sum()));
                    steps(() -> w.square().sum());
                    var data = Dataset.of(Tensor.randn(new Generator(1), 8, 2), Tensor.of(new int[8]));
                    var model = new Dense(2, 2, new Generator(2));
                    var trainer = Trainer.of(model, new SGD(model.parameters(), 0.1), new CrossEntropy());
                    report(trainer.fit(new DataLoader<>(data, 4), 2));
                    Path file = page("weights");
                    Safetensors.save(file, model.state());
                    System.out.println(Safetensors.load(file).keySet());
                    Files.delete(file);
                    System.out.println(frame("<p id=\\"a\\">&lt;</p>"));
                    """);
        } finally {
            System.setOut(before);
        }

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(0)).startsWith("Adjoint: show(tensor)");
        assertThat(lines.get(1)).isEqualTo("FLOAT64 [2]");
        assertThat(lines.get(2)).contains("1.5", "-2");
        List<String> pages =
                lines.stream().filter(line -> line.startsWith("file:")).toList();
        assertThat(pages).hasSize(3);
        assertThat(lines.get(lines.size() - 2)).isEqualTo("[weight, bias]");
        assertThat(lines).last(STRING).contains("srcdoc=\"<p id=&quot;a&quot;>&amp;lt;</p>\"");
        for (String page : pages) {
            Path file = Path.of(URI.create(page));
            assertThat(Files.readString(file)).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
            Files.delete(file);
        }
    }
}
