package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The project in {@code src/it/consumer}, compiled and run by a JVM of its own with no more on the class path than its pom asks
 * for: the jars of the library and what these depend on, jqwik's engine and JUnit Jupiter, of the versions that JUnit's BOM gives them, and
 * the launcher that Maven adds.
 */
@Tag("slow")
class ConsumerProjectTest {
    private static final Path PROJECT = Path.of(System.getProperty("basedir", ""))
            .resolve("src/it/consumer")
            .toAbsolutePath();
    private static final Path PAGE = PROJECT.resolve("../../../../docs/property-testing.md");
    private static final Pattern XML = Pattern.compile("```xml\n(.*?)```", Pattern.DOTALL);
    private static final List<String> LIBRARIES =
            List.of("jspecify", "ejml", "jqwik", "junit-platform", "junit-jupiter", "opentest4j", "apiguardian");
    private static final String RUNNER = """
            import org.junit.platform.engine.discovery.DiscoverySelectors;
            import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
            import org.junit.platform.launcher.core.LauncherFactory;
            import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

            class Runner {
                public static void main(String[] args) {
                    SummaryGeneratingListener listener = new SummaryGeneratingListener();
                    LauncherFactory.create().execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(
                                            DiscoverySelectors.selectClass("demo.MyOpsProperties"),
                                            DiscoverySelectors.selectClass("demo.MyOpsTest"))
                                    .configurationParameter("jqwik.database", "")
                                    .build(),
                            listener);
                    System.out.println(
                            listener.getSummary().getTestsSucceededCount() + " passed, "
                                    + listener.getSummary().getTestsFailedCount() + " failed");
                }
            }
            """;

    @TempDir
    Path folder;

    /** The class path of a project that depends on the library; folders of classes are packed into jars. */
    private String classPath() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                if (path.endsWith("classes")) {
                    Path jar = folder.resolve("adjoint-" + entries.size() + ".jar");
                    pack(path, jar);
                    entries.add(jar.toString());
                }
            } else if (path.getFileName().toString().startsWith("adjoint-")
                    || LIBRARIES.stream().anyMatch(path.getFileName().toString()::startsWith)) {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream into = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                into.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, into);
                into.closeEntry();
            }
        }
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".java"))
                    .collect(Collectors.toList());
        }
    }

    @Test
    void itsPomIsWhatThePageTellsUsersToWrite() throws IOException {
        String pom = Files.readString(PROJECT.resolve("pom.xml"))
                .replace("${adjoint.version}", "0.1.0-SNAPSHOT")
                .replaceAll("<!--.*?-->|\\s+", "");
        List<String> snippets = XML.matcher(Files.readString(PAGE))
                .results()
                .map(snippet -> snippet.group(1).replaceAll("\\s+", ""))
                .toList();

        assertThat(snippets).hasSize(4).allSatisfy(snippet -> assertThat(pom).contains(snippet));
    }

    @Test
    void withoutAnEngineThereIsAClearError() throws IOException, InterruptedException {
        Path main = Files.writeString(folder.resolve("Main.java"), """
                import io.adjoint.testkit.Operation;

                class Main {
                    public static void main(String[] args) {
                        Operation.unary("twice", x -> x.mul(2)).check();
                    }
                }
                """);
        String classPath = Stream.of(classPath().split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("jqwik-engine"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(output("-cp", classPath, main.toString()))
                .contains("IllegalStateException: adjoint-testkit: jqwik's engine is missing on the class path")
                .contains("net.jqwik:jqwik-engine");
    }

    /** The output of a separate JVM. */
    private String output(String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output);
    }

    @Test
    void findsTheMistakeInSomebodysOperation() throws IOException, InterruptedException {
        String classPath = classPath();
        assertThat(classPath).doesNotContain("assertj");
        Path runner = Files.writeString(folder.resolve("Runner.java"), RUNNER);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-parameters", "--release", "17", "-d", classes.toString(), "-cp", classPath));
        arguments.addAll(sources());
        arguments.add(runner.toString());
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])))
                .isZero();

        assertThat(output("-cp", classes + File.pathSeparator + classPath, "Runner"))
                .contains("3 passed, 1 failed")
                .contains(
                        "hypot: gradient: gradient of order 1 for input 1 []",
                        "by the backward rules, but",
                        "by differences")
                // Either input may be the 2: at (1, 1) the wrong rule happens to be right.
                .containsPattern(
                        "Tensor a = Tensor\\.scalar\\((1\\);\\s+Tensor b = Tensor\\.scalar\\(2|2\\);\\s+Tensor b = Tensor\\.scalar\\(1)\\);")
                .containsPattern(
                        "a: Tensor\\.scalar\\((1\\)\\s+b: Tensor\\.scalar\\(2|2\\)\\s+b: Tensor\\.scalar\\(1)\\)")
                .contains("seed");
    }
}
